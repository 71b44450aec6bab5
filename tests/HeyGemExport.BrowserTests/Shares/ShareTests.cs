using System.Text.RegularExpressions;
using HeyGemExport.Accounts;

namespace HeyGemExport.BrowserTests.Shares;

/// <summary>A link that one person makes and another, signed out and in a browser of their own, opens.</summary>
public sealed partial class ShareTests(Chromium chromium) : BrowserTest<HeldApp>(chromium, new HeldApp().WithAccounts())
{
    private const string Password = "提取码 1234";

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stranger_gives_the_password_downloads_and_is_locked_out_when_the_link_is_revoked(bool scripts)
    {
        App.AddVideo("批次一/课程第01讲.mp4", 300_000);
        var owner = await SignInAsync("alice", scripts);
        await owner.AskAsync();
        var id = await owner.ConfirmAsync();
        await App.RunAsync(id);
        await owner.GoAsync($"/exports/{id}");
        await owner.Page.GetByText("新建分享链接").ClickAsync();
        await owner.Page.GetByLabel("密码（可选）").FillAsync(Password);
        await owner.Page.GetByLabel("最多下载次数（可选）").FillAsync("2");
        await owner.Button("生成链接").ClickAsync();
        var address = await owner.Page.Locator("#share-address").InnerTextAsync();

        var stranger = await VisitAsync(Words.En, scripts);
        await stranger.GoAsync(address);
        await Assertions.Expect(stranger.Heading("Password needed")).ToBeVisibleAsync();
        await UnlockAsync(stranger, "wrong password");
        await Assertions.Expect(stranger.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not right");
        await UnlockAsync(stranger, Password);
        await Assertions.Expect(stranger.Heading("One video is ready for you")).ToBeVisibleAsync();
        await Assertions.Expect(stranger.Page.Locator(".share-files")).ToContainTextAsync("批次一/课程第01讲.mp4");
        await Assertions.Expect(stranger.Page.Locator(".site nav")).ToHaveCountAsync(0);
        var download = await stranger.DownloadAsync(() => stranger.Link("Download").First.ClickAsync());
        await Delivered.AssertHoldsAllAsync(await download.SaveAsync(App.Folder), App.Outputs);
        await stranger.Page.Locator("a.language").ClickAsync();
        await Assertions.Expect(stranger.Heading("为您准备好了 1 个视频")).ToBeVisibleAsync();

        await owner.GoAsync($"/exports/{id}");
        await owner.Page.GetByRole(AriaRole.Button, new() { NameRegex = Revoke() }).ClickAsync();
        await Assertions.Expect(owner.Page.Locator(".share-list")).ToContainTextAsync("已撤销");
        await stranger.Page.ReloadAsync();
        await Assertions.Expect(stranger.Heading("链接无效")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_stranger_checks_the_download_without_signing_in()
    {
        App.AddVideo("a.mp4", 300_000);
        var owner = await SignInAsync("olga", scripts: true);
        await owner.AskAsync();
        var id = await owner.ConfirmAsync();
        await App.RunAsync(id);
        await owner.GoAsync($"/exports/{id}");
        await owner.Page.GetByText("新建分享链接").ClickAsync();
        await owner.Button("生成链接").ClickAsync();

        var stranger = await VisitAsync(Words.Zh);
        await stranger.GoAsync(await owner.Page.Locator("#share-address").InnerTextAsync());
        await stranger.Page.Locator("a[href*='/verify#']").ClickAsync();

        Assert.EndsWith("/verify", new Uri(stranger.Page.Url).AbsolutePath, StringComparison.Ordinal);
        await Assertions.Expect(stranger.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(stranger.Page.Locator(".site nav a")).ToHaveCountAsync(0);
    }

    private static async Task UnlockAsync(Visitor visitor, string password)
    {
        await visitor.Page.GetByLabel("Password").FillAsync(password);
        await visitor.Button("Open").ClickAsync();
    }

    private async Task<Visitor> SignInAsync(string name, bool scripts)
    {
        await App.AddPersonAsync(name, Roles.Viewer);
        await App.Get<HeyGemExport.Library.LibraryIndex>().RefreshAsync(CancellationToken.None);
        var visitor = await VisitAsync(Words.Zh, scripts);
        await visitor.GoAsync("/");
        await visitor.Page.Locator("[name=Name]").FillAsync(name);
        await visitor.Page.Locator("[name=Password]").FillAsync(AccountsApp.Password);
        await visitor.Page.Locator("main form button").ClickAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Library)).ToBeVisibleAsync();
        return visitor;
    }

    [GeneratedRegex("^撤销链接", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Revoke();
}
