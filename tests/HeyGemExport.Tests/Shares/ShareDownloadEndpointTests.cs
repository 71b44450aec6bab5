using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Shares;
using HeyGemExport.Tests.Accounts;
using HeyGemExport.Tests.Pages;

namespace HeyGemExport.Tests.Shares;

/// <summary>Strangers before a link, where everybody else has to sign in.</summary>
public sealed class ShareDownloadEndpointTests : IAsyncLifetime
{
    private const string Password = "提取码 1234";

    private readonly HeldApp app = new HeldApp().WithAccounts();
    private HttpClient owner = null!;
    private string export = "";

    public async Task InitializeAsync()
    {
        app.AddVideo("a.mp4", 100_000);
        owner = await app.WithKeyAsync("nightly", "ops");
        export = await app.PackAsync(owner);
    }

    public async Task DisposeAsync()
    {
        owner.Dispose();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("zh-CN", "为您准备好了 1 个视频")]
    [InlineData("en", "One video is ready for you")]
    public async Task A_stranger_sees_what_there_is_and_no_way_into_the_app(string language, string heading)
    {
        var share = await owner.ShareAsync(export);
        using var visitor = PageVisitor.Of(app.ClientOptions.BaseAddress, language);

        var page = await visitor.OpenAsync(share.Address());

        Assert.Equal(heading, page.QuerySelector("h1")!.TextContent);
        Assert.Equal(HttpStatusCode.OK, visitor.Answer.StatusCode);
        Assert.Equal("no-referrer", visitor.Answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("noindex, nofollow", visitor.Answer.Headers.GetValues("X-Robots-Tag").Single());
        Assert.StartsWith(
            "default-src 'self'", visitor.Answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("noindex, nofollow", page.QuerySelector("meta[name=robots]")!.GetAttribute("content"));
        Assert.Contains("a.mp4", page.QuerySelector(".share-files")!.TextContent, StringComparison.Ordinal);
        Assert.All(page.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!), address =>
            Assert.True(address.StartsWith('#') || address.StartsWith("/s/", StringComparison.Ordinal)
                || address.StartsWith("/verify#", StringComparison.Ordinal)
                || address.StartsWith("/language", StringComparison.Ordinal)
                || address.StartsWith("/theme?", StringComparison.Ordinal), address));
        Assert.Equal(HttpStatusCode.OK, (await visitor.AskAsync(HttpMethod.Get, "/verify")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.AskAsync(HttpMethod.Get, $"/exports/{export}/download")).StatusCode);
        Assert.Equal(
            "share:" + share.GetProperty("id").GetString(),
            (await owner.AuditAsync("share-opened")).Single().GetProperty("who").GetString());
    }

    [Fact]
    public async Task A_password_opens_page_and_download_for_who_gave_it_alone()
    {
        var share = await owner.ShareAsync(export, new { password = Password });
        using var visitor = app.Visit();
        var locked = await visitor.OpenAsync(share.Address());
        Assert.DoesNotContain("a.mp4", locked.Source.Text, StringComparison.Ordinal);
        Assert.Equal("same-origin", visitor.Answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.AskAsync(HttpMethod.Get, share.Address() + "/download")).StatusCode);

        var wrong = await visitor.SendAsync(locked, "main form", ("password", "guessed wrong"));
        Assert.NotNull(wrong.QuerySelector("[role=alert]"));
        var open = await visitor.SendAsync(wrong, "main form", ("password", Password));

        Assert.Contains("a.mp4", open.QuerySelector(".share-files")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await visitor.AskAsync(HttpMethod.Get, share.Address() + "/download")).StatusCode);
        using var other = app.Visit();
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.AskAsync(HttpMethod.Get, share.Address() + "/download")).StatusCode);
        Assert.Contains(await owner.AuditAsync("share-refused"), record => record.GetProperty("detail").GetString() == "wrong-password");
    }

    [Fact]
    public async Task The_ticket_of_one_link_opens_no_other()
    {
        var first = await owner.ShareAsync(export, new { password = Password });
        var second = await owner.ShareAsync(export, new { password = "another one" });
        using var stranger = app.Pipeline();
        using var page = await stranger.GetAsync(first.Address());
        using var visitor = app.Visit();
        await visitor.SendAsync(await visitor.OpenAsync(first.Address()), "main form", ("password", Password));

        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.AskAsync(HttpMethod.Get, second.Address() + "/download")).StatusCode);
        using var forged = new HttpRequestMessage(HttpMethod.Get, first.Address() + "/download");
        forged.Headers.Add("Cookie", $"heygem.share.{first.GetProperty("id").GetString()}={first.GetProperty("id").GetString()}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(forged)).StatusCode);
    }

    [Fact]
    public async Task Passwords_cannot_be_tried_without_end()
    {
        var share = await owner.ShareAsync(export, new { password = Password });
        using var visitor = app.Visit();
        var page = await visitor.OpenAsync(share.Address());
        for (var attempt = 0; attempt < ShareLimits.PasswordsPerAddress; attempt++)
        {
            await visitor.SendAsync(page, "main form", ("password", $"guess {attempt}"));
            Assert.Equal(HttpStatusCode.OK, visitor.Answer.StatusCode);
        }

        await visitor.SendAsync(page, "main form", ("password", Password));

        Assert.Equal(HttpStatusCode.TooManyRequests, visitor.Answer.StatusCode);
    }

    [Fact]
    public async Task Tokens_cannot_be_tried_without_end()
    {
        var share = await owner.ShareAsync(export);
        using var stranger = app.Pipeline();
        for (var attempt = 0; attempt < ShareLimits.MissesPerAddress; attempt++)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/s/{attempt}/download")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await stranger.GetAsync("/s/another/download")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stranger.GetAsync(share.Address() + "/download")).StatusCode);
    }

    [Fact]
    public async Task The_owner_makes_and_revokes_links_on_the_page_and_others_do_not()
    {
        using var alice = await app.SignInNewAsync("alice");
        using var bob = await app.SignInNewAsync("bob");
        await alice.AskAsync(HttpMethod.Post, "/api/v1/exports", JsonContent.Create(new { selection = new { all = true } }));
        var page = await alice.OpenAsync("/exports/" + export);

        var made = await alice.SendAsync(page, "form.share-form", ("days", "3"), ("password", ""), ("maxDownloads", "5"));
        var address = new Uri(made.QuerySelector("#share-address")!.TextContent).AbsolutePath;

        using var stranger = app.Pipeline();
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(address)).StatusCode);
        var listed =
            (await (await alice.AskAsync(HttpMethod.Get, $"/api/v1/exports/{export}/shares")).Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("items")[0];
        Assert.Equal(("alice", 5), (listed.GetProperty("createdBy").GetString(), listed.GetProperty("maxDownloads").GetInt32()));
        foreach (
            var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Post, ""),
            (HttpMethod.Delete, "/" + listed.GetProperty("id").GetString()) })
        {
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await bob.AskAsync(method, $"/api/v1/exports/{export}/shares{path}", method == HttpMethod.Post
                    ? JsonContent.Create(new { }) : null)).StatusCode);
        }

        var after = await alice.SendAsync(await alice.OpenAsync("/exports/" + export), ".share-list form");
        Assert.Null(after.QuerySelector(".share-list form"));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(address)).StatusCode);
        Assert.Equal("alice", (await owner.AuditAsync("share-revoked")).Single().GetProperty("who").GetString());
    }

    [Fact]
    public void Nobody_can_be_called_like_a_link() => Assert.True(Caller.IsReserved("Share:abc"));
}
