using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Tests.Accounts;
using HeyGemExport.Tests.Shares;

namespace HeyGemExport.Tests.Pages.Ops;

/// <summary>The share links of everybody, as ops see and end them.</summary>
public sealed class LiveSharesTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly HeldApp app;
    private HttpClient maker = null!;
    private string export = "";

    public LiveSharesTests() => app = new HeldApp { Time = time }.WithAccounts();

    public async Task InitializeAsync()
    {
        app.AddVideo("a.mp4", 100_000);
        maker = await app.WithKeyAsync("nightly", "export");
        export = await app.PackAsync(maker);
    }

    public async Task DisposeAsync()
    {
        maker.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Those_that_open_something_are_listed_with_who_made_them_and_what_is_used_of_them()
    {
        using var ops = await app.WithKeyAsync("watch", "ops");
        using var stranger = app.Pipeline();
        var limited = await maker.ShareAsync(export, new { days = 3, maxDownloads = 1 });
        await stranger.GetByteArrayAsync(limited.Address() + "/download");
        await maker.ShareAsync(export, new { days = 1 });
        var revoked = await maker.ShareAsync(export);
        await maker.DeleteAsync($"/api/v1/exports/{export}/shares/{revoked.Id()}");
        time.Advance(TimeSpan.FromDays(1));
        var open = await ops.ShareAsync(export, new { password = "open sesame" });

        var report = await ops.GetFromJsonAsync<JsonElement>("/api/v1/ops");

        var shares = report.GetProperty("shares").EnumerateArray().ToList();
        Assert.Equal(2, report.GetProperty("sharesTotal").GetInt32());
        Assert.Equal([open.Id(), limited.Id()], shares.Select(share => share.GetProperty("share").Id()));
        var (first, second) = (shares[0].GetProperty("share"), shares[1].GetProperty("share"));
        Assert.Equal(
            ("key:watch", "live", true),
            (first.GetProperty("createdBy").GetString(), first.GetProperty("state").GetString(), first.GetProperty("hasPassword")
                .GetBoolean()));
        Assert.Equal(
            ("key:nightly", "usedUp", 1, 1),
            (second.GetProperty("createdBy").GetString(), second.GetProperty("state").GetString(), second.GetProperty("downloads")
                .GetInt32(), second.GetProperty("maxDownloads").GetInt32()));
        Assert.All(
            shares,
            share => Assert.Equal((export, JsonValueKind.Null, true),
                (share.GetProperty("share").GetProperty("exportId").GetString(), share.GetProperty("share").GetProperty("url").ValueKind,
                share.GetProperty("isThere").GetBoolean())));
        Assert.EndsWith(".zip", shares[0].GetProperty("archiveName").GetString(), StringComparison.Ordinal);

        await ops.PostAsync($"/api/v1/exports/{export}/remove", content: null);
        Assert.False((await ops.GetFromJsonAsync<JsonElement>("/api/v1/ops")).GetProperty("shares")[0].GetProperty("isThere").GetBoolean());
    }

    [Fact]
    public async Task An_operator_revokes_the_link_of_another_with_a_button_and_it_is_audited()
    {
        using var person = await app.SignInNewAsync("olga", Roles.Operator);
        using var stranger = app.Pipeline();
        var share = await maker.ShareAsync(export);
        var page = await person.OpenAsync("/ops");
        Assert.Contains("key:nightly", page.QuerySelector("#ops-shares")!.TextContent, StringComparison.Ordinal);
        var button = page.QuerySelector("#ops-shares button")!.GetAttribute("formaction")!;

        await person.PostAsync(button);
        Assert.Equal(HttpStatusCode.BadRequest, person.Answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(share.Address())).StatusCode);
        var token = page.QuerySelector("#ops-form input[name=antiforgery]")!.GetAttribute("value")!;
        var after = await person.PostAsync(button, ("antiforgery", token));

        Assert.Contains(share.Id(), after.QuerySelector("[role=status].notice")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(after.QuerySelectorAll("#ops-shares li"));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(share.Address())).StatusCode);
        using var ops = await app.WithKeyAsync("watch", "ops");
        var audited = Assert.Single(await ops.AuditAsync("share-revoked"));
        Assert.Equal(("olga", export), (audited.GetProperty("who").GetString(), audited.GetProperty("exportId").GetString()));
        Assert.NotNull(
            (await person.PostAsync("/ops?handler=Revoke&id=aaaaaaaaaaaa&share=bbbbbbbbbbbb", ("antiforgery", token)))
                .QuerySelector("[role=alert]"));
    }

    [Fact]
    public async Task A_viewer_neither_sees_nor_revokes_them()
    {
        using var person = await app.SignInNewAsync("vera", Roles.Viewer);
        var share = await maker.ShareAsync(export);

        Assert.Equal(HttpStatusCode.Forbidden, (await person.AskAsync(HttpMethod.Get, "/api/v1/ops")).StatusCode);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await person.AskAsync(HttpMethod.Post, $"/ops?handler=Revoke&id={export}&share={share.Id()}")).StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await person.AskAsync(HttpMethod.Delete, $"/api/v1/exports/{export}/shares/{share.Id()}")).StatusCode);
        using var stranger = app.Pipeline();
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(share.Address())).StatusCode);
    }

}
