using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using HeyGemExport.Library;
using HeyGemExport.Tests.Accounts;
using HeyGemExport.Tests.Pages;

namespace HeyGemExport.Tests.Shares;

/// <summary>What the pages on both sides of a link say, without scripts.</summary>
public sealed partial class SharePageTests : IAsyncLifetime
{
    private readonly HeldApp app = new();
    private HttpClient client = null!;
    private string export = "";

    public async Task InitializeAsync()
    {
        app.AddVideo("a.mp4", 100_000);
        app.AddVideo("b.avi", 100_000, seed: 2);
        app.AddVideo("c.mp4", 100_000, seed: 3);
        client = app.CreateClient();
        await app.Get<LibraryIndex>().RefreshAsync(default);
        export = await app.PackAsync(client);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Title_and_sender_are_for_who_may_open_the_link()
    {
        const string Title = "培训视频 <b>第一期</b>\u202E";
        var share = await client.ShareAsync(export, new { title = $" {Title} ", sender = "王老师", password = "open sesame" });
        using var visitor = PageVisitor.Of(app.ClientOptions.BaseAddress, "zh-CN");

        var locked = await visitor.OpenAsync(share.Address());
        var open = await visitor.SendAsync(locked, "main form", ("password", "open sesame"));

        Assert.Equal(Title, share.GetProperty("title").GetString());
        Assert.DoesNotContain("培训视频", locked.Source.Text, StringComparison.Ordinal);
        Assert.Equal("培训视频 <b>第一期</b>\uFFFD", open.QuerySelector("h1")!.TextContent);
        Assert.Contains("王老师 分享", open.QuerySelector("#share")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("培训视频", open.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("title")]
    [InlineData("sender")]
    public async Task A_title_without_end_is_refused(string name)
    {
        using var answer = await client.PostAsync($"/api/v1/exports/{export}/shares", new StringContent(
            $$"""{"{{name}}":"{{new string('长', 101)}}"}""", System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("bad-title", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_video_is_played_on_the_page_and_leads_to_the_next_that_browsers_play()
    {
        var share = await client.ShareAsync(export);
        using var visitor = app.Visit();

        var page = await visitor.OpenAsync(share.Address());
        var playing = await visitor.OpenAsync(share.Address() + page.QuerySelector(".share-tiles a.thumb")!.GetAttribute("href")![
            share.Address().Length..]);

        Assert.Null(page.QuerySelector("video"));
        Assert.Equal(3, page.QuerySelectorAll(".share-tiles > li").Length);
        Assert.Equal(2, page.QuerySelectorAll(".share-tiles a.thumb").Length);
        Assert.Equal(share.Address() + "/files/1", playing.QuerySelector("video")!.GetAttribute("src"));
        Assert.Null(playing.QuerySelector(".share-player a[rel~=prev]"));
        Assert.Equal(share.Address() + "?play=3#player", playing.QuerySelector(".share-player a[rel~=next]")!.GetAttribute("href"));
        Assert.Single(await client.AuditAsync("share-opened"));
        Assert.Null((await visitor.OpenAsync(share.Address() + "?play=2")).QuerySelector("video"));
        Assert.Null((await visitor.OpenAsync(share.Address() + "?play=4")).QuerySelector("video"));
    }

    [Theory]
    [InlineData("MicroMessenger/8.0.50(0x18003237) NetType/WIFI Language/zh_CN", "微信")]
    [InlineData("V1_AND_SQ_9.0.60_6868_YYB_D QQ/9.0.60.17095 NetType/WIFI", "QQ")]
    [InlineData("AliApp(DingTalk/7.5.20) com.alibaba.android.rimet/40384170", "钉钉")]
    [InlineData("MQQBrowser/15.0 Mobile Safari/537.36", null)]
    [InlineData("Version/18.0 Mobile/15E148 Safari/604.1", null)]
    public async Task Browsers_of_messengers_are_told_to_open_another(string agent, string? name)
    {
        foreach (var share in new[] { await client.ShareAsync(export), await client.ShareAsync(export, new { password = "open sesame" }) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, share.Address());
            request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 " + agent);
            request.Headers.Add("Accept-Language", "zh-CN");
            using var answer = await client.SendAsync(request);
            var page = await answer.Content.ReadAsStringAsync();

            Assert.Equal(name is not null, page.Contains("在浏览器中打开", StringComparison.Ordinal));
            Assert.Equal(name is not null, page.Contains(share.GetProperty("url").GetString()!, StringComparison.Ordinal));
            Assert.True(name is null || page.Contains(name + "内置的浏览器", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_password_is_made_for_who_asks_and_told_once_with_the_link()
    {
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync($"/exports/{export}");
        var filled = await visitor.PostAsync(
            page.QuerySelector(".share-form [formaction]")!.GetAttribute("formaction")!,
            ("antiforgery", page.QuerySelector(".share-form input[name=antiforgery]")!.GetAttribute("value")!),
            ("title", "培训"), ("days", "3"), ("maxDownloads", "2"));
        var password = Value(filled, "password");
        var made = await visitor.SendAsync(
            filled, ".share-form", ("title", Value(filled, "title")), ("days", Value(filled, "days")),
            ("maxDownloads", Value(filled, "maxDownloads")), ("password", password));

        Assert.Matches(Readable(), password);
        Assert.Equal(("培训", "3", "2"), (Value(filled, "title"), Value(filled, "days"), Value(filled, "maxDownloads")));
        var address = made.QuerySelector("#share-address")!.TextContent;
        Assert.Equal(password, made.QuerySelector("#share-password")!.TextContent);
        var text = made.QuerySelector("[data-copy=share-new]")!.GetAttribute("data-text")!;
        Assert.Equal(["培训", $"链接：{address}", $"密码：{password}"], text.Split('\n')[..3]);
        Assert.NotNull(made.QuerySelector(".share-qr svg"));
        Assert.Null(made.QuerySelector(".share-qr [style], .share-qr style"));
        var stranger = app.Visit();
        var open = await stranger.SendAsync(
            await stranger.OpenAsync(new Uri(address).AbsolutePath), "main form", ("password", password));
        Assert.Equal("培训", open.QuerySelector("h1")!.TextContent);
        Assert.DoesNotContain(password, (await visitor.OpenAsync($"/exports/{export}")).Source.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_makes_a_link_that_only_this_machine_can_open_is_warned()
    {
        using var visitor = await PageVisitor.OfAsync(app);

        var page = await visitor.OpenAsync($"/exports/{export}");

        Assert.Contains("其他人打不开这个链接", page.QuerySelector(".shares")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_makes_a_link_to_a_public_address_is_not_warned()
    {
        await using var reachable = new HeldApp();
        reachable.Settings["Http:PublicUrl"] = "http://192.168.1.20:5080";
        reachable.AddVideo("a.mp4");
        using var owner = reachable.CreateClient();
        var id = await reachable.PackAsync(owner);
        using var visitor = await PageVisitor.OfAsync(reachable);

        Assert.Null((await visitor.OpenAsync($"/exports/{id}")).QuerySelector(".shares .notice-warn"));
    }

    private static string Value(IDocument page, string name) =>
        page.QuerySelector($".share-form [name={name}]")!.GetAttribute("value") ?? "";

    [GeneratedRegex("^[a-hjkmnp-z2-9]{4}-[a-hjkmnp-z2-9]{4}-[a-hjkmnp-z2-9]{4}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Readable();
}
