using HeyGemExport.Accounts;
using HeyGemExport.Tests.Pages;

namespace HeyGemExport.Tests.Accounts;

/// <summary>People who sign in with a browser that runs no scripts.</summary>
internal static class PeopleOnPages
{
    /// <summary>A browser without scripts, and without a session.</summary>
    public static PageVisitor Visit(this ExportApp app)
    {
        app.StartServer();
        return PageVisitor.Of(app.ClientOptions.BaseAddress);
    }

    /// <summary>Adds somebody and signs them in.</summary>
    public static async Task<PageVisitor> SignInNewAsync(this ExportApp app, string name, string role = Roles.Viewer)
    {
        await app.AddPersonAsync(name, role);
        var visitor = app.Visit();
        await visitor.SignInAsync(name, AccountsApp.Password);
        Assert.Equal("/", visitor.Answer.RequestMessage!.RequestUri!.AbsolutePath);
        return visitor;
    }

    /// <summary>Fills in the form.</summary>
    public static async Task SignInAsync(this PageVisitor visitor, string name, string password, string returnUrl = "")
    {
        var page = await visitor.OpenAsync("/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl));
        await visitor.SendAsync(page, "main form", ("Name", name), ("Password", password));
    }
}
