using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Keys;
using HeyGemExport.Accounts.Users;
using HeyGemExport.Tests.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Tests.Accounts;

/// <summary>What the records of people, keys and participants do, whichever engine holds them.</summary>
public abstract class AccountRecordsTests : IAsyncLifetime
{
    private readonly HeldApp app = new HeldApp().WithAccounts();

    public async Task InitializeAsync() => app.Settings["ConnectionStrings:Database"] = await NewDatabaseAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [DatabaseFact]
    public async Task A_person_comes_back_as_they_were_stored()
    {
        await app.AddPersonAsync("小王", Roles.Operator);
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var stored = (await users.FindByNameAsync("小王"))!;
        (stored.MustChange, stored.LastSignInAt) = (true, DateTimeOffset.FromUnixTimeSeconds(8));
        Assert.True((await users.UpdateAsync(stored)).Succeeded);

        var again = (await users.FindByIdAsync(stored.Id))!;

        Assert.Equal(
            (stored.Name, stored.Role, stored.PasswordHash, stored.SecurityStamp),
            (again.Name, again.Role, again.PasswordHash, again.SecurityStamp));
        Assert.Equal(
            (true, false, DateTimeOffset.FromUnixTimeSeconds(8)), (again.MustChange, again.Disabled, again.LastSignInAt));
    }

    [DatabaseFact]
    public async Task Of_many_who_take_a_name_at_once_one_gets_it()
    {
        app.StartServer();

        var results = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => app.ChangeAsync(people => people.AddAsync("Twin", Roles.Viewer, Caller.System, default))));

        Assert.Single(results.OfType<UserResult.Password>());
        Assert.Equal(
            "name-taken", results.OfType<UserResult.Refused>().Select(refused => refused.Code).Distinct(StringComparer.Ordinal).Single());
        Assert.Equal(
            "name-taken",
            Assert.IsType<UserResult.Refused>(
                await app.ChangeAsync(people => people.AddAsync("TWIN", Roles.Viewer, Caller.System, default))).Code);
    }

    [DatabaseFact]
    public async Task Admins_who_disable_each_other_at_once_leave_one()
    {
        await app.AddPersonAsync("one", Roles.Admin);
        await app.AddPersonAsync("two", Roles.Admin);
        await Eventually.HoldsAsync(async () => (await ListAsync()).Count is 2 or 3);
        await app.ChangeAsync(people => people.ChangeAsync("admin", Roles.Viewer, disabled: false, Caller.System, default));

        await Task.WhenAll(
            new[] { "one", "two" }.Select(
                name => app.ChangeAsync(people => people.ChangeAsync(name, Roles.Admin, disabled: true, Caller.System, default))));

        Assert.Single(await ListAsync(), person => person is { Role: Roles.Admin, Disabled: false });
    }

    [DatabaseFact]
    public async Task A_sign_in_that_ends_late_does_not_bring_the_old_password_back()
    {
        await app.AddPersonAsync("somebody");
        await using var scope = app.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<UserStore>();
        var late = (await store.FindByNameAsync("SOMEBODY", default))!;
        await app.ChangeAsync(people => people.ResetPasswordAsync("somebody", Caller.System, default));

        Assert.False((await store.UpdateAsync(late, default)).Succeeded);

        Assert.True((await store.FindByNameAsync("SOMEBODY", default))!.MustChange);
    }

    [DatabaseFact]
    public async Task A_key_is_recognised_and_revoked()
    {
        app.StartServer();
        var keys = app.Get<ApiKeys>();
        var created = Assert.IsType<KeyResult.Created>(
            await keys.CreateAsync("nightly", [KeyScopes.Export, KeyScopes.Metrics], days: 3, Caller.System, default));

        var known = await keys.AuthenticateAsync(created.Token, default);
        await keys.RevokeAsync(created.Key.Id, Caller.System, default);

        Assert.Equal(["export", "metrics"], known!.Scopes);
        Assert.Equal(
            created.Key.CreatedAt.AddDays(3).ToUnixTimeMilliseconds(), known.ExpiresAt!.Value.ToUnixTimeMilliseconds());
        Assert.Null(await keys.AuthenticateAsync(created.Token, default));
        Assert.NotNull(Assert.Single(await keys.ListAsync(default)).LastUsedAt);
    }

    [DatabaseFact]
    public async Task Participants_see_their_exports_on_the_list()
    {
        app.AddVideo("a.mp4");
        using var first = await app.WithKeyAsync("first", KeyScopes.Export);
        using var second = await app.WithKeyAsync("second", KeyScopes.Export);
        await app.PostExportAsync(first, new { all = true });
        Assert.Contains("\"total\":0", await second.GetStringAsync("/api/v1/exports"), StringComparison.Ordinal);

        await app.PostExportAsync(second, new { all = true });

        Assert.Contains("\"total\":1", await second.GetStringAsync("/api/v1/exports"), StringComparison.Ordinal);
    }

    protected abstract Task<string> NewDatabaseAsync();

    private async Task<IReadOnlyList<User>> ListAsync()
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserStore>().ListAsync(default);
    }
}

public sealed class SqliteAccountRecordsTests : AccountRecordsTests
{
    protected override Task<string> NewDatabaseAsync() => Task.FromResult("");
}

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlAccountRecordsTests(PostgreSqlServer server) : AccountRecordsTests
{
    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();
}
