using System.Net.Http.Headers;
using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Keys;
using HeyGemExport.Accounts.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Testing;

/// <summary>A host where people sign in, and the ways into it.</summary>
internal static class AccountsApp
{
    /// <summary>Everybody's password in these tests.</summary>
    public const string Password = "correct horse battery";

    /// <summary>Makes people sign in.</summary>
    public static T WithAccounts<T>(this T app)
        where T : ExportApp
    {
        app.Settings["Accounts:Mode"] = "accounts";
        return app;
    }

    /// <summary>Adds somebody who has a password of their own.</summary>
    public static async Task AddPersonAsync(this ExportApp app, string name, string role = Roles.Viewer)
    {
        app.StartServer();
        await using var scope = app.Services.CreateAsyncScope();
        var person = new User { Id = Guid.NewGuid().ToString("N"), Name = name, Role = role, CreatedAt = TimeProvider.System.GetUtcNow() };
        var result = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().CreateAsync(person, Password);
        Assert.True(result.Succeeded, string.Join(' ', result.Errors.Select(error => error.Code)));
    }

    /// <summary>Works on the people as an admin's page does.</summary>
    public static async Task<UserResult> ChangeAsync(this ExportApp app, Func<UserService, Task<UserResult>> change)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await change(scope.ServiceProvider.GetRequiredService<UserService>());
    }

    /// <summary>A pipeline with a key.</summary>
    public static async Task<HttpClient> WithKeyAsync(this ExportApp app, string name, params string[] scopes)
    {
        app.StartServer();
        var created =
            Assert.IsType<KeyResult.Created>(await app.Get<ApiKeys>()
            .CreateAsync(name, scopes, days: null, Caller.System, CancellationToken.None));
        return app.WithToken(created.Token);
    }

    /// <summary>A pipeline with whatever it takes for a key.</summary>
    public static HttpClient WithToken(this ExportApp app, string token)
    {
        app.StartServer();
        var client = app.Pipeline();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A pipeline without anything.</summary>
    public static HttpClient Pipeline(this ExportApp app)
    {
        app.StartServer();
        return new HttpClient(
            new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.ClientOptions.BaseAddress };
    }
}
