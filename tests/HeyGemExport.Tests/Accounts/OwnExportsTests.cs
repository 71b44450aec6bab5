using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Tests.Pages;

namespace HeyGemExport.Tests.Accounts;

/// <summary>Whose an export is, on every way to it.</summary>
public sealed class OwnExportsTests : IAsyncLifetime
{
    private readonly HeldApp app = new HeldApp().WithAccounts();
    private PageVisitor alice = null!;
    private PageVisitor bob = null!;

    public async Task InitializeAsync()
    {
        app.AddVideo("one/a.mp4");
        app.AddVideo("two/b.mp4", seed: 2);
        alice = await app.SignInNewAsync("alice");
        bob = await app.SignInNewAsync("bob");
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task The_export_of_another_is_not_there_whichever_way_one_asks()
    {
        var id = await ConfirmAsync(alice, "one");
        await app.RunAsync(id);

        foreach (
            var address in new[] { $"/api/v1/exports/{id}", $"/api/v1/exports/{id}/events", $"/exports/{id}/download",
            $"/exports/{id}/parts/1/download", $"/exports/{id}" })
        {
            Assert.Equal((address, HttpStatusCode.NotFound), (address, (await bob.AskAsync(HttpMethod.Get, address)).StatusCode));
            Assert.Equal((address, HttpStatusCode.OK), (address, (await alice.AskAsync(HttpMethod.Get, address)).StatusCode));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await bob.AskAsync(HttpMethod.Head, $"/exports/{id}/download")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.AskAsync(HttpMethod.Post, $"/api/v1/exports/{id}/cancel")).StatusCode);
        Assert.Equal(0, await TotalAsync(bob));
        Assert.Equal(1, await TotalAsync(alice));
        Assert.DoesNotContain(id, (await bob.OpenAsync("/exports")).Source.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_about_the_export_of_another_is_that_about_none()
    {
        var id = await ConfirmAsync(alice, "one");

        var theirs = await BodyAsync(await bob.AskAsync(HttpMethod.Get, $"/api/v1/exports/{id}"));
        var none = await BodyAsync(await bob.AskAsync(HttpMethod.Get, "/api/v1/exports/aaaaaaaaaaaa"));

        Assert.Equal(none, theirs);

        static async Task<string> BodyAsync(HttpResponseMessage answer) =>
            (await answer.Content.ReadAsStringAsync()).Split("\"traceId\"")[0];
    }

    [Fact]
    public async Task Who_confirms_the_same_content_joins_and_is_not_told_who_was_first()
    {
        var id = await ConfirmAsync(alice, "one");

        var joined = await RequestAsync(bob, "one");
        await app.RunAsync(id);

        Assert.Equal(HttpStatusCode.OK, joined.StatusCode);
        Assert.Equal(id, (await joined.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.OK, (await bob.AskAsync(HttpMethod.Get, $"/exports/{id}/download")).StatusCode);
        foreach (var address in new[] { $"/api/v1/exports/{id}", "/api/v1/exports", $"/api/v1/exports/{id}/events" })
        {
            Assert.DoesNotContain(
                "alice", await (await bob.AskAsync(HttpMethod.Get, address)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("alice", (await bob.OpenAsync($"/exports/{id}")).Source.Text, StringComparison.Ordinal);
        using var ops = await app.SignInNewAsync("olga", Roles.Operator);
        Assert.Contains(
            "alice", await (await ops.AskAsync(HttpMethod.Get, $"/api/v1/exports/{id}")).Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        Assert.Equal(0, await DownloadsByAsync("alice"));
        await Eventually.HoldsAsync(async () => await DownloadsByAsync("bob") == 1);
    }

    [Fact]
    public async Task Who_cancels_what_others_wait_for_only_leaves_it()
    {
        var id = await ConfirmAsync(alice, "one");
        await RequestAsync(bob, "one");

        Assert.Equal(HttpStatusCode.Accepted, (await alice.AskAsync(HttpMethod.Post, $"/api/v1/exports/{id}/cancel")).StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, (await alice.AskAsync(HttpMethod.Get, $"/api/v1/exports/{id}")).StatusCode);
        await app.RunAsync(id);
        Assert.Equal(HttpStatusCode.OK, (await bob.AskAsync(HttpMethod.Get, $"/exports/{id}/download")).StatusCode);
        Assert.Equal(
            "alice",
            Assert.Single((await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportLeft), default)).Items).Who);
    }

    [Fact]
    public async Task Who_is_alone_cancels_and_an_operator_cancels_for_all()
    {
        var own = await ConfirmAsync(alice, "one");
        var shared = await ConfirmAsync(alice, "two");
        await RequestAsync(bob, "two");
        using var ops = await app.SignInNewAsync("olga", Roles.Operator);

        await alice.AskAsync(HttpMethod.Post, $"/api/v1/exports/{own}/cancel");
        await ops.AskAsync(HttpMethod.Post, $"/api/v1/exports/{shared}/cancel");

        Assert.Equal("cancelled", await StateAsync(alice, own));
        Assert.Equal("cancelled", await StateAsync(bob, shared));
    }

    [Fact]
    public async Task What_one_has_downloaded_is_still_new_to_the_other()
    {
        var id = await ConfirmAsync(alice, "one");
        await app.RunAsync(id);
        await (await alice.AskAsync(HttpMethod.Get, $"/exports/{id}/download")).Content.ReadAsByteArrayAsync();
        await Eventually.HoldsAsync(
            async () =>
                (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.DownloadFinished), default)).Total == 1);

        Assert.Equal(1, await NewAsync(alice));
        Assert.Equal(2, await NewAsync(bob));

        async Task<int> NewAsync(PageVisitor person) =>
            (await (await person.AskAsync(HttpMethod.Post, "/api/v1/exports/preview",
                JsonContent.Create(new { selection = new { all = true, newOnly = true } }))).Content.ReadFromJsonAsync<JsonElement>())
                .GetProperty("fileCount").GetInt32();
    }

    [Fact]
    public async Task Viewers_learn_nothing_of_the_servers_folders()
    {
        app.Settings["Ops:LowFreeBytes"] = long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var page = (await alice.OpenAsync("/")).Source.Text;

        Assert.DoesNotContain(app.Folder.FullPath, page, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> RequestAsync(PageVisitor person, string batch) =>
        person.AskAsync(HttpMethod.Post, "/api/v1/exports", JsonContent.Create(new { selection = new { batches = new[] { batch } } }));

    private static async Task<string> ConfirmAsync(PageVisitor person, string batch)
    {
        var answer = await RequestAsync(person, batch);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<int> TotalAsync(PageVisitor person) =>
        (await (await person.AskAsync(HttpMethod.Get, "/api/v1/exports")).Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("total")
            .GetInt32();

    private static async Task<string?> StateAsync(PageVisitor person, string id) =>
        (await (await person.AskAsync(HttpMethod.Get, $"/api/v1/exports/{id}")).Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("state")
            .GetString();

    private async Task<int> DownloadsByAsync(string who) =>
        (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.DownloadFinished), default)).Items.Count(
            record => record.Who == who);
}
