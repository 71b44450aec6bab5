using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Keys;
using HeyGemExport.Audit;
using HeyGemExport.Data;

namespace HeyGemExport.Tests.Accounts;

public sealed class KeyTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly HeldApp app;

    public KeyTests() => app = new HeldApp { Time = clock }.WithAccounts();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_pipeline_exports_under_the_name_of_its_key_and_without_antiforgery()
    {
        app.AddVideo("a.mp4");
        using var client = await app.WithKeyAsync("nightly", "export");

        var answer = await app.PostExportAsync(client, new { all = true });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("key:nightly", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("requestedBy").GetString());
        Assert.Equal(
            "key:nightly",
            Assert.Single(
                (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportRequested), default)).Items).Who);
    }

    [Fact]
    public async Task The_secret_is_kept_nowhere()
    {
        var created = await MakeAsync("nightly", days: null);
        var token = ApiKeyToken.Read(created.Token)!;
        using var client = app.WithToken(created.Token);
        await client.GetAsync("/api/v1/videos");

        await using var connection = await app.Get<Database>().OpenAsync(default);
        var row = string.Join(' ', (IDictionary<string, object?>)await connection.QuerySingleAsync("SELECT * FROM api_keys"));
        Assert.DoesNotContain(token.Secret, row, StringComparison.Ordinal);
        Assert.Contains(token.Hash, row, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Secret, await File.ReadAllTextAsync(Path.Combine(app.Logs, "audit.jsonl")), StringComparison.Ordinal);
        Assert.DoesNotContain(token.Secret, token.ToString(), StringComparison.Ordinal);
        Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(token.Secret).Length);
    }

    [Fact]
    public async Task A_key_ends_with_its_time_and_when_it_is_revoked()
    {
        var brief = await MakeAsync("brief", days: 7);
        var endless = await MakeAsync("endless", days: null);
        clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(brief.Token));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(brief.Token));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(endless.Token));

        Assert.True(await app.Get<ApiKeys>().RevokeAsync(endless.Key.Id, Caller.System, default));

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(endless.Token));
        Assert.False(await app.Get<ApiKeys>().RevokeAsync(endless.Key.Id, Caller.System, default));
        Assert.Equal(clock.GetUtcNow(), (await app.Get<ApiKeys>().ListAsync(default)).Single(key => key.Name == "endless").LastUsedAt);
    }

    [Fact]
    public async Task What_is_nearly_a_key_opens_nothing()
    {
        var created = await MakeAsync("nightly", days: null);
        var other = ApiKeyToken.Create();
        var token = created.Token;
        foreach (
            var wrong in new[] { token[..^1], token + "A", token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), token.ToUpperInvariant(),
            new ApiKeyToken(created.Key.Id, other.Secret).Reveal(), other.Reveal(), "hgx_", "", "' OR 1=1 --" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(wrong));
        }
    }

    [Fact]
    public async Task A_wrong_key_is_not_rescued_by_a_session()
    {
        using var visitor = await app.SignInNewAsync("somebody", Roles.Admin);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/videos");
        request.Headers.Authorization = new("Bearer", "hgx_wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.AskAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_name_is_free_again_once_its_key_is_revoked()
    {
        var first = await MakeAsync("nightly", days: null);
        Assert.Equal("name-taken", Assert.IsType<KeyResult.Refused>(await CreateAsync("nightly", days: null)).Code);

        await app.Get<ApiKeys>().RevokeAsync(first.Key.Id, Caller.System, default);

        Assert.NotEqual(first.Token, (await MakeAsync("nightly", days: null)).Token);
    }

    [Theory]
    [InlineData("a b", 1, "bad-name", "read")]
    [InlineData("ok", 0, "bad-expiry", "read")]
    [InlineData("ok", 4000, "bad-expiry", "read")]
    [InlineData("ok", 1, "no-scope", "admin")]
    public async Task A_key_that_makes_no_sense_is_not_made(string name, int days, string code, string scope)
    {
        app.StartServer();

        Assert.Equal(
            code, Assert.IsType<KeyResult.Refused>(await app.Get<ApiKeys>().CreateAsync(name, [scope], days, Caller.System, default)).Code);
    }

    private async Task<KeyResult> CreateAsync(string name, int? days)
    {
        app.StartServer();
        return await app.Get<ApiKeys>().CreateAsync(name, [KeyScopes.Read], days, Caller.System, default);
    }

    private async Task<KeyResult.Created> MakeAsync(string name, int? days) =>
        Assert.IsType<KeyResult.Created>(await CreateAsync(name, days));

    private async Task<HttpStatusCode> AskAsync(string token)
    {
        using var client = app.WithToken("x");
        client.DefaultRequestHeaders.Remove("Authorization");
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return (await client.GetAsync("/api/v1/videos")).StatusCode;
    }
}
