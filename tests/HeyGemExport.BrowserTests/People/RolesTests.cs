using HeyGemExport.Accounts;

namespace HeyGemExport.BrowserTests.People;

/// <summary>Signing in as each role, and seeing exactly what one should.</summary>
public sealed class RolesTests(Chromium chromium) : BrowserTest<HeldApp>(chromium, new HeldApp().WithAccounts())
{
    [BrowserTheory]
    [InlineData(Roles.Viewer, true, "结果历史 打包任务")]
    [InlineData(Roles.Operator, false, "结果历史 打包任务 操作记录 运维")]
    [InlineData(Roles.Admin, true, "结果历史 打包任务 操作记录 运维 任务面板 人员")]
    public async Task Each_role_sees_its_own_navigation_and_is_kept_from_the_rest(string role, bool scripts, string navigation)
    {
        var visitor = await SignInAsync("somebody", role, Words.Zh, scripts);

        await Assertions.Expect(visitor.Heading(visitor.Words.Library)).ToBeVisibleAsync();
        Assert.StartsWith(
            navigation, string.Join(' ', await visitor.Page.Locator(".site nav a").AllInnerTextsAsync()), StringComparison.Ordinal);
        await Assertions.Expect(visitor.Page.Locator(".person-name")).ToContainTextAsync("somebody");
        (string Address, string Least)[] restricted =
            [("/audit", Roles.Operator), ("/ops", Roles.Operator), ("/people", Roles.Admin), ("/people/keys", Roles.Admin)];
        foreach (var (address, least) in restricted)
        {
            var answer = await visitor.Page.GotoAsync(address);
            Assert.Equal((address, Roles.From(least).Contains(role) ? 200 : 403), (address, answer!.Status));
        }
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_viewer_packs_and_downloads_and_another_does_not_see_it(bool scripts)
    {
        var alice = await SignInAsync("alice", Roles.Viewer, Words.En, scripts);
        await alice.AskAsync();
        var id = await alice.ConfirmAsync();
        await App.RunAsync(id);
        await alice.GoAsync($"/exports/{id}");
        await Assertions.Expect(alice.Heading(alice.Words.Ready)).ToBeVisibleAsync();
        await alice.DownloadAsync(() => alice.Link(alice.Words.Download).First.ClickAsync());

        var bob = await SignInAsync("bob", Roles.Viewer, Words.En, scripts);
        Assert.Equal(404, (await bob.Page.GotoAsync($"/exports/{id}"))!.Status);
        await bob.GoAsync("/exports");
        await Assertions.Expect(bob.Page.Locator(".export-row")).ToHaveCountAsync(0);

        var olga = await SignInAsync("olga", Roles.Operator, Words.En, scripts);
        await olga.GoAsync("/exports");
        await Assertions.Expect(olga.Page.Locator(".export-row")).ToContainTextAsync("alice");
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_person_is_added_signs_in_once_with_the_password_shown_and_chooses_their_own(bool scripts)
    {
        var boss = await SignInAsync("boss", Roles.Admin, Words.Zh, scripts);
        await boss.Link("人员").ClickAsync();
        await boss.Page.Locator("#add [name=name]").FillAsync("小王");
        await boss.Button("添加人员").ClickAsync();
        var password = await boss.Page.Locator("#secret").InnerTextAsync();
        await Assertions.Expect(boss.Page.Locator("tr", new() { HasText = "小王" })).ToContainTextAsync("待修改密码");

        var person = await VisitAsync(Words.Zh, scripts);
        await person.GoAsync("/exports");
        await FillAsync(person, "小王", password);
        await Assertions.Expect(person.Heading("修改密码")).ToBeVisibleAsync();
        await person.GoAsync("/exports");
        await Assertions.Expect(person.Heading("修改密码")).ToBeVisibleAsync();
        await Assertions.Expect(person.Page.Locator(".site nav a")).ToHaveCountAsync(0);
        await person.Page.Locator("[name=Current]").FillAsync(password);
        await person.Page.Locator("[name=Next]").FillAsync(AccountsApp.Password);
        await person.Page.Locator("[name=Repeated]").FillAsync(AccountsApp.Password);
        await person.Button("修改密码").ClickAsync();
        await Assertions.Expect(person.Heading(person.Words.Library)).ToBeVisibleAsync();

        await boss.Page.GetByRole(AriaRole.Button, new() { Name = "停用 小王" }).ClickAsync();
        await person.GoAsync("/exports");
        await Assertions.Expect(person.Heading("登录")).ToBeVisibleAsync();
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_is_refused_types_the_password_again_at_once(bool scripts)
    {
        await App.AddPersonAsync("somebody");
        var visitor = await VisitAsync(Words.Zh, scripts);
        await visitor.GoAsync("/account/sign-in");
        await Assertions.Expect(visitor.Page.Locator("[name=Name]")).ToBeFocusedAsync();

        await FillAsync(visitor, "somebody", "wrong password here");

        await Assertions.Expect(visitor.Page.Locator("[name=Name]")).ToHaveValueAsync("somebody");
        await Assertions.Expect(visitor.Page.Locator("[name=Password]")).ToBeFocusedAsync();
    }

    [BrowserTheory]
    [InlineData(Words.Zh, 390)]
    [InlineData(Words.En, 390)]
    [InlineData(Words.En, 320)]
    public async Task A_phone_shows_every_entry_of_the_navigation(string locale, int width)
    {
        var visitor = await SignInAsync("boss", Roles.Admin, locale, scripts: true);
        await visitor.Page.SetViewportSizeAsync(width, 740);
        await visitor.GoAsync("/people");
        await visitor.ShowAsync($"navigation {locale} {width}");

        foreach (var entry in await visitor.Page.Locator(".site nav a").AllAsync())
        {
            var box = (await entry.BoundingBoxAsync())!;
            Assert.InRange(box.X, 0, width - box.Width);
            Assert.InRange(box.Height, 44, 64);
        }
    }

    [BrowserTheory]
    [MemberData(nameof(EveryPageTests.Looks), MemberType = typeof(EveryPageTests))]
    public async Task Axe_finds_nothing_on_the_pages_of_accounts_and_nothing_scrolls_sideways(string locale, int width, int height)
    {
        App.AddVideo("a.mp4");
        await App.AddPersonAsync("boss", Roles.Admin);
        await App.ChangeAsync(people => people.AddAsync("waiting", Roles.Viewer, Caller.System, CancellationToken.None));
        using (await App.WithKeyAsync("nightly", "export", "metrics"))
        {
        }

        var visitor = await VisitAsync(new VisitorOptions(locale, Width: width, Height: height));
        List<string> wrong = [];
        await visitor.GoAsync("/account/sign-in");
        await LookAsync("sign-in");
        await FillAsync(visitor, "boss", "wrong password here");
        await LookAsync("sign-in refused");
        await FillAsync(visitor, "boss", AccountsApp.Password);
        foreach (var address in new[] { "/account/password", "/account/sign-out", "/people", "/people/keys", "/error/403", "/error/401" })
        {
            await visitor.GoAsync(address);
            await LookAsync(address);
        }

        await visitor.GoAsync("/people");
        await visitor.Page.Locator("tr", new() { HasText = "waiting" }).GetByRole(AriaRole.Button).Nth(1).ClickAsync();
        await LookAsync("one-time password");
        Assert.Empty(wrong);

        async Task LookAsync(string name) => wrong.AddRange(await visitor.LookAsync(name));
    }

    private static async Task FillAsync(Visitor visitor, string name, string password)
    {
        await visitor.Page.Locator("[name=Name]").FillAsync(name);
        await visitor.Page.Locator("[name=Password]").FillAsync(password);
        await visitor.Page.Locator("main form button").ClickAsync();
    }

    private async Task<Visitor> SignInAsync(string name, string role, string locale, bool scripts)
    {
        App.AddVideo("a.mp4");
        await App.AddPersonAsync(name, role);
        await App.Get<HeyGemExport.Library.LibraryIndex>().RefreshAsync(CancellationToken.None);
        var visitor = await VisitAsync(locale, scripts);
        await visitor.GoAsync("/");
        await FillAsync(visitor, name, AccountsApp.Password);
        await Assertions.Expect(visitor.Heading(visitor.Words.Library)).ToBeVisibleAsync();
        return visitor;
    }
}
