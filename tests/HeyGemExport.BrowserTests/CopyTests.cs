using HeyGemExport.Accounts;

namespace HeyGemExport.BrowserTests;

/// <summary>Buttons that copy, where the browser has a clipboard for scripts and where it has none.</summary>
public sealed class CopyTests(Chromium chromium) : BrowserTest<HeldApp>(chromium, new HeldApp().WithAccounts())
{
    [BrowserTheory]
    [InlineData(null)]
    [InlineData(Chromium.LanHost)]
    public async Task Links_one_time_passwords_and_keys_are_copied(string? host)
    {
        App.AddVideo("a.mp4");
        await App.AddPersonAsync("boss", Roles.Admin);
        await App.Get<HeyGemExport.Library.LibraryIndex>().RefreshAsync(CancellationToken.None);
        var visitor = await VisitAsync(new VisitorOptions(Words.Zh, Host: host));
        await visitor.GoAsync("/");
        await visitor.Page.Locator("[name=Name]").FillAsync("boss");
        await visitor.Page.Locator("[name=Password]").FillAsync(AccountsApp.Password);
        await visitor.Button("登录").ClickAsync();
        Assert.Equal(host is null, await visitor.Page.EvaluateAsync<bool>("() => isSecureContext"));

        await visitor.AskAsync();
        var id = await visitor.ConfirmAsync();
        await App.RunAsync(id);
        await visitor.GoAsync($"/exports/{id}");
        await visitor.Page.GetByText("新建分享链接").ClickAsync();
        await visitor.Button("生成链接").ClickAsync();
        await AssertCopiesAsync(visitor, "share-address");

        await visitor.GoAsync("/people");
        await visitor.Page.Locator("#add [name=name]").FillAsync("小王");
        await visitor.Button("添加人员").ClickAsync();
        await AssertCopiesAsync(visitor, "secret");

        await visitor.GoAsync("/people/keys");
        await visitor.Page.Locator("#add [name=name]").FillAsync("nightly");
        await visitor.Page.Locator("#add [name=scopes]").First.CheckAsync();
        await visitor.Page.Locator("#add button").ClickAsync();
        await AssertCopiesAsync(visitor, "secret");
    }

    private static async Task AssertCopiesAsync(Visitor visitor, string element)
    {
        var shown = await visitor.Page.Locator("#" + element).InnerTextAsync();
        var button = visitor.Page.Locator($"[data-copy={element}]");
        await Assertions.Expect(button).ToHaveTextAsync("复制");
        await visitor.ShowAsync($"copy {element} of {new Uri(visitor.Page.Url).AbsolutePath}");
        await button.ClickAsync();

        await Assertions.Expect(button).ToHaveTextAsync("已复制");
        await Assertions.Expect(visitor.Page.Locator("#announce")).ToHaveTextAsync("已复制");
        var field = visitor.Page.Locator("main input[type=text], main input[type=number]").First;
        await visitor.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(one => { one.open = true; })");
        await field.FillAsync("");
        await field.EvaluateAsync("field => { field.type = 'text'; field.removeAttribute('maxlength'); field.focus(); }");
        await visitor.Page.Keyboard.PressAsync("Control+V");
        await Assertions.Expect(field).ToHaveValueAsync(shown);
    }
}
