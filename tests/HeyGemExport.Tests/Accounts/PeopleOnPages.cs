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
        Assert.Equal("/", visitor.LandedOn());
        return visitor;
    }

    /// <summary>Fills in the form.</summary>
    public static async Task SignInAsync(this PageVisitor visitor, string name, string password, string returnUrl = "")
    {
        var page = await visitor.OpenAsync("/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl));
        await visitor.SendAsync(page, "main form", ("Name", name), ("Password", password));
    }

    /// <summary>The path of the page that the visitor came to in the end.</summary>
    public static string LandedOn(this PageVisitor visitor) => visitor.Answer.RequestMessage!.RequestUri!.AbsolutePath;

    /// <summary>Changes the visitor's own password on the page.</summary>
    public static async Task<AngleSharp.Dom.IDocument> ChangePasswordAsync(this PageVisitor visitor, string current, string next) =>
        await visitor.SendAsync(
            await visitor.OpenAsync("/account/password"), "main form", ("Current", current), ("Next", next), ("Repeated", next));
}
