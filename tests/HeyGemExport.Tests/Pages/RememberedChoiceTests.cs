using HeyGemExport.Library;
using HeyGemExport.Tests.Accounts;

namespace HeyGemExport.Tests.Pages;

public sealed class RememberedChoiceTests
{
    [Fact]
    public async Task People_who_share_a_browser_each_have_their_own()
    {
        await using var app = new HeldApp().WithAccounts();
        app.AddVideo("a.mp4");
        using var visitor = await app.SignInNewAsync("alice");
        await app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        await app.AddPersonAsync("bob");

        Assert.NotNull((await visitor.OpenAsync("/view?as=grid")).QuerySelector(".rows-grid"));
        await visitor.SendAsync(await visitor.OpenAsync("/"), ".person form");
        await visitor.SignInAsync("bob", AccountsApp.Password);
        Assert.Null((await visitor.OpenAsync("/")).QuerySelector(".rows-grid"));
        await visitor.SendAsync(await visitor.OpenAsync("/"), ".person form");
        await visitor.SignInAsync("alice", AccountsApp.Password);
        Assert.NotNull((await visitor.OpenAsync("/")).QuerySelector(".rows-grid"));
    }
}
