using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using HeyGemExport.Pages;
using HeyGemExport.Shares;
using Microsoft.AspNetCore.Cryptography.KeyDerivation;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Tests.Accounts;

public sealed partial class SignInTests : IAsyncLifetime
{
    private const string NewPassword = "a quite different phrase";

    private readonly ExportApp app = new ExportApp().WithAccounts();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task The_first_start_makes_an_admin_whose_password_is_told_once_and_must_be_changed()
    {
        using var visitor = app.Visit();
        var password = await FirstPasswordAsync();

        await visitor.SignInAsync(FirstAdminName, password);
        Assert.Equal("/account/password", visitor.LandedOn());
        await visitor.OpenAsync("/exports");
        Assert.Equal("/account/password", visitor.LandedOn());
        using (var api = await visitor.AskAsync(HttpMethod.Get, "/api/v1/videos"))
        {
            Assert.Equal("password-change-required", await CodeAsync(api));
        }

        await visitor.ChangePasswordAsync(password, NewPassword);
        Assert.Equal("/", visitor.LandedOn());
        await visitor.OpenAsync("/people");
        Assert.Equal(HttpStatusCode.OK, visitor.Answer.StatusCode);
        Assert.Single(OneTime().Matches(await File.ReadAllTextAsync(app.RunLog)));
        Assert.DoesNotContain(NewPassword, await File.ReadAllTextAsync(app.RunLog), StringComparison.Ordinal);
        using var again = app.Visit();
        await again.SignInAsync(FirstAdminName, password);
        Assert.Equal("/account/sign-in", again.LandedOn());
    }

    /// <summary>As many as OWASP asks for; the hash begins with its format, function and iterations, each in big endian.</summary>
    [Fact]
    public async Task Passwords_of_people_and_of_links_are_hashed_210_000_times_with_SHA_512()
    {
        await using var shipped = new ExportApp { HashIterations = null };
        using var scope = shipped.Services.CreateScope();
        foreach (
            var hash in new[]
            {
                scope.ServiceProvider.GetRequiredService<IPasswordHasher<User>>().HashPassword(null!, NewPassword),
                scope.ServiceProvider.GetRequiredService<IPasswordHasher<ShareLink>>().HashPassword(null!, NewPassword),
            })
        {
            var bytes = Convert.FromBase64String(hash).AsSpan();
            Assert.Equal(1, bytes[0]);
            Assert.Equal((uint)KeyDerivationPrf.HMACSHA512, BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]));
            Assert.Equal(210_000u, BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]));
        }
    }

    [Fact]
    public async Task A_later_start_makes_no_admin()
    {
        await app.AddPersonAsync("somebody", Roles.Admin);
        _ = await FirstPasswordAsync();
        app.LeaveData();
        await using (var second = new HeldApp(app.Folder).WithAccounts())
        {
            using var client = second.Pipeline();
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz/live")).StatusCode);
        }

        Assert.Single(OneTime().Matches(await File.ReadAllTextAsync(app.RunLog)));
    }

    [Theory]
    [InlineData("short", "too-short")]
    [InlineData("aaaaaaaaaaaaaaaa", "too-plain")]
    [InlineData("somebody12345", "like-name")]
    [InlineData(AccountsApp.Password, "same")]
    public async Task A_weak_password_is_refused(string password, string code)
    {
        await app.AddPersonAsync("somebody");
        using var visitor = app.Visit();
        await visitor.SignInAsync("somebody", AccountsApp.Password);

        var page = await visitor.ChangePasswordAsync(AccountsApp.Password, password);

        Assert.Equal(Text($"Account.Refused.{code}"), page.QuerySelector(".notice-bad p")!.TextContent);
    }

    [Theory]
    [InlineData("/exports?page=2", "/exports?page=2")]
    [InlineData("https://attacker.example/", "/")]
    [InlineData("//attacker.example", "/")]
    [InlineData("/\\attacker.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    public async Task Signing_in_leads_back_and_never_to_another_site(string returnUrl, string expected)
    {
        await app.AddPersonAsync("somebody");
        using var visitor = app.Visit();

        await visitor.SignInAsync("somebody", AccountsApp.Password, returnUrl);

        Assert.Equal(
            (app.ClientOptions.BaseAddress.Authority, expected),
            (visitor.Answer.RequestMessage!.RequestUri!.Authority, visitor.Answer.RequestMessage.RequestUri.PathAndQuery));
    }

    [Fact]
    public async Task A_page_that_needs_a_session_leads_to_the_form_and_back()
    {
        await app.AddPersonAsync("somebody");
        using var visitor = app.Visit();

        var form = await visitor.OpenAsync("/exports");
        await visitor.SendAsync(form, "main form", ("Name", "SomeBody"), ("Password", AccountsApp.Password));

        Assert.Equal("/exports", visitor.LandedOn());
    }

    [Fact]
    public async Task Nobody_is_told_whether_name_or_password_was_wrong()
    {
        await app.AddPersonAsync("somebody");
        using var visitor = app.Visit();
        List<(HttpStatusCode Status, string Page)> answers = [];
        foreach (var name in new[] { "somebody", "nobody" })
        {
            await visitor.SignInAsync(name, "wrong password here");
            var page = await visitor.Answer.Content.ReadAsStringAsync();
            answers.Add((visitor.Answer.StatusCode, Regex.Replace(
                page, $"value=\"[^\"]*\"|{name}", "", RegexOptions.None, TimeSpan.FromSeconds(5))));
        }

        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task The_last_admin_can_neither_be_disabled_nor_be_made_less()
    {
        await app.AddPersonAsync("boss", Roles.Admin);
        _ = await FirstPasswordAsync();
        var first = await app.ChangeAsync(people => people.ChangeAsync("admin", Roles.Admin, disabled: true, Caller.System, default));

        var second = await app.ChangeAsync(people => people.ChangeAsync("boss", Roles.Admin, disabled: true, Caller.System, default));
        var third = await app.ChangeAsync(people => people.ChangeAsync("boss", Roles.Viewer, disabled: false, Caller.System, default));

        Assert.IsType<UserResult.Done>(first);
        Assert.Equal("last-admin", Assert.IsType<UserResult.Refused>(second).Code);
        Assert.Equal("last-admin", Assert.IsType<UserResult.Refused>(third).Code);
    }

    [Fact]
    public async Task An_admin_adds_people_and_keys_on_the_pages_and_sees_their_secrets_once()
    {
        using var boss = await app.SignInNewAsync("boss", Roles.Admin);

        var added = await boss.SendAsync(await boss.OpenAsync("/people"), "#add", ("name", "小王"), ("role", Roles.Operator));
        var password = added.QuerySelector("#secret")!.TextContent;
        Assert.DoesNotContain(password, (await boss.OpenAsync("/people")).Source.Text, StringComparison.Ordinal);
        using var person = app.Visit();
        await person.SignInAsync("小王", password);
        Assert.Equal("/account/password", person.LandedOn());

        var made = await boss.SendAsync(
            await boss.OpenAsync("/people/keys"), "#add", ("name", "pipeline"), ("scopes", "read"), ("days", "7"));
        var token = made.QuerySelector("#secret")!.TextContent;
        Assert.DoesNotContain(token, (await boss.OpenAsync("/people/keys")).Source.Text, StringComparison.Ordinal);
        using var client = app.WithToken(token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/videos")).StatusCode);

        await boss.SendAsync(await boss.OpenAsync("/people/keys"), "td form");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/videos")).StatusCode);
    }

    [GeneratedRegex(@"一次性密码 (?<password>[a-z0-9]{20})，", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OneTime();

    private const string FirstAdminName = "admin";

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    private string Text(string key)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        try
        {
            return app.Get<IStringLocalizer<PageTexts>>()[key];
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private async Task<string> FirstPasswordAsync()
    {
        app.StartServer();
        return await Eventually.FindAsync(async () =>
            File.Exists(app.RunLog) && OneTime().Match(await File.ReadAllTextAsync(app.RunLog)) is { Success: true } found
                ? found.Groups["password"].Value : null);
    }
}
