using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Tests.Pages;

namespace HeyGemExport.Tests.Accounts;

/// <summary>Who joined an export has its content, and nothing of what others do with it.</summary>
public sealed class JoinedExportTests : IAsyncLifetime
{
    private readonly HeldApp app = new HeldApp().WithAccounts();
    private PageVisitor alice = null!;
    private PageVisitor bob = null!;
    private string id = "";

    public JoinedExportTests()
    {
        app.Settings["Delivery:Destinations:store:Endpoint"] = "http://127.0.0.1:9";
        app.Settings["Delivery:Destinations:store:Bucket"] = "results";
        app.Settings["Delivery:Destinations:store:AccessKeyId"] = "key";
        app.Settings["Delivery:Destinations:store:SecretAccessKey"] = "secret";
    }

    public async Task InitializeAsync()
    {
        app.AddVideo("one/a.mp4");
        alice = await app.SignInNewAsync("alice");
        bob = await app.SignInNewAsync("bob");
        id = (await ReadAsync(await PostAsync(alice, "/api/v1/exports", new { selection = new { query = "one" } }))).Id();
        var joined = await PostAsync(bob, "/api/v1/exports", new { selection = new { batches = new[] { "one" } } });
        Assert.Equal(id, (await ReadAsync(joined)).Id());
        await app.RunAsync(id);
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Links_of_another_are_neither_seen_nor_revoked()
    {
        var share = (await ReadAsync(await PostAsync(alice, $"/api/v1/exports/{id}/shares", new { days = 3 }))).Id();

        Assert.Equal(0, await CountAsync(bob, $"/api/v1/exports/{id}/shares"));
        Assert.Equal(1, await CountAsync(alice, $"/api/v1/exports/{id}/shares"));
        Assert.Equal(HttpStatusCode.NotFound, (await bob.AskAsync(HttpMethod.Delete, $"/api/v1/exports/{id}/shares/{share}")).StatusCode);
        Assert.DoesNotContain("alice", (await bob.OpenAsync($"/exports/{id}")).Source.Text, StringComparison.Ordinal);
        using var ops = await app.SignInNewAsync("olga", Roles.Operator);
        Assert.Equal(1, await CountAsync(ops, $"/api/v1/exports/{id}/shares"));
        Assert.Equal(HttpStatusCode.NoContent, (await ops.AskAsync(HttpMethod.Delete, $"/api/v1/exports/{id}/shares/{share}")).StatusCode);
    }

    [Fact]
    public async Task Uploads_of_another_are_neither_seen_nor_changed()
    {
        var upload = (await ReadAsync(await PostAsync(alice, $"/api/v1/exports/{id}/deliveries", new { destination = "store" }))).Id();

        Assert.Equal(0, await CountAsync(bob, $"/api/v1/exports/{id}/deliveries"));
        foreach (var (method, address) in new[]
        {
            (HttpMethod.Get, ""), (HttpMethod.Get, "/events"), (HttpMethod.Post, "/cancel"), (HttpMethod.Post, "/retry"),
        })
        {
            Assert.Equal(
                (address, HttpStatusCode.NotFound),
                (address, (await bob.AskAsync(method, $"/api/v1/deliveries/{upload}{address}")).StatusCode));
        }

        using var link = await PostAsync(bob, $"/api/v1/deliveries/{upload}/links", new { seconds = 60 });
        Assert.Equal(HttpStatusCode.NotFound, link.StatusCode);
        Assert.DoesNotContain("results", (await bob.OpenAsync($"/exports/{id}")).Source.Text, StringComparison.Ordinal);
        Assert.Equal("queued", (await ReadAsync(await alice.AskAsync(HttpMethod.Get, $"/api/v1/deliveries/{upload}"))).State());
    }

    [Fact]
    public async Task Who_asks_for_the_same_upload_has_a_part_in_it_and_leaves_it_alone()
    {
        var upload = (await ReadAsync(await PostAsync(alice, $"/api/v1/exports/{id}/deliveries", new { destination = "store" }))).Id();
        var joined = await ReadAsync(await PostAsync(bob, $"/api/v1/exports/{id}/deliveries", new { destination = "store" }));

        Assert.Equal((upload, "bob"), (joined.Id(), joined.GetProperty("requestedBy").GetString()));
        Assert.Equal(HttpStatusCode.Accepted, (await bob.AskAsync(HttpMethod.Post, $"/api/v1/deliveries/{upload}/cancel")).StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, (await bob.AskAsync(HttpMethod.Get, $"/api/v1/deliveries/{upload}")).StatusCode);
        Assert.Equal("queued", (await ReadAsync(await alice.AskAsync(HttpMethod.Get, $"/api/v1/deliveries/{upload}"))).State());
    }

    [Fact]
    public async Task The_archive_is_removed_by_operators_only_on_every_way()
    {
        var drop = new { destination = "store", dropLocal = true };
        using var refused = await PostAsync(bob, $"/api/v1/exports/{id}/deliveries", drop);
        using var atOnce = await PostAsync(
            bob, "/api/v1/exports", new { selection = new { all = true }, deliver = drop });
        using var removed = await bob.AskAsync(HttpMethod.Post, $"/api/v1/exports/{id}/remove");

        Assert.All(new[] { refused, atOnce, removed }, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Equal("drop-local", (await ReadAsync(refused)).GetProperty("code").GetString());
        Assert.DoesNotContain("DropLocal", (await bob.OpenAsync($"/exports/{id}/deliveries")).Source.Text, StringComparison.Ordinal);
        using var ops = await app.SignInNewAsync("olga", Roles.Operator);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(ops, $"/api/v1/exports/{id}/deliveries", drop)).StatusCode);
    }

    [Fact]
    public async Task What_another_calls_it_is_not_told()
    {
        using var named = await alice.AskAsync(
            HttpMethod.Put, $"/api/v1/exports/{id}/name", JsonContent.Create(new { name = "for-client" }));
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);

        foreach (var address in new[] { "/api/v1/exports", $"/api/v1/exports/{id}", "/exports", $"/exports/{id}" })
        {
            Assert.Contains("for-client", await TextAsync(alice, address), StringComparison.Ordinal);
            Assert.DoesNotContain("for-client", await TextAsync(bob, address), StringComparison.Ordinal);
        }

        static async Task<string> TextAsync(PageVisitor person, string address) =>
            await (await person.AskAsync(HttpMethod.Get, address)).Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task To_pack_it_again_names_the_files_and_not_what_the_first_one_searched_for()
    {
        var export = (await app.Get<ExportService>().FindAsync(id, new Caller("bob", "-"), default))!;

        var selection = await app.Get<ExportService>().SelectionToRepeatAsync(export, new Caller("bob", "-"), default);
        var own = await app.Get<ExportService>().SelectionToRepeatAsync(export, new Caller("alice", "-"), default);

        Assert.Equal((null, "one/a.mp4"), (selection.Query, Assert.Single(selection.Paths!)));
        Assert.Equal("one", own.Query);
    }

    private static Task<HttpResponseMessage> PostAsync(PageVisitor person, string address, object body) =>
        person.AskAsync(HttpMethod.Post, address, JsonContent.Create(body));

    private static Task<JsonElement> ReadAsync(HttpResponseMessage answer) => answer.Content.ReadFromJsonAsync<JsonElement>();

    private static async Task<int> CountAsync(PageVisitor person, string address) =>
        (await ReadAsync(await person.AskAsync(HttpMethod.Get, address))).GetProperty("items").GetArrayLength();
}
