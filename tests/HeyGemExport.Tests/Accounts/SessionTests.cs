using System.Net;
using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using HeyGemExport.Audit;

namespace HeyGemExport.Tests.Accounts;

/// <summary>What ends a session, and what of it is recorded.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private readonly ExportApp app = new ExportApp().WithAccounts();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_reset_ends_sessions_at_once_and_asks_for_a_new_password()
    {
        using var visitor = await app.SignInNewAsync("somebody");

        var reset = Assert.IsType<UserResult.Password>(
            await app.ChangeAsync(people => people.ResetPasswordAsync("somebody", Caller.System, default)));

        await visitor.OpenAsync("/");
        Assert.Equal("/account/sign-in", visitor.LandedOn());
        await visitor.SignInAsync("somebody", AccountsApp.Password);
        Assert.Equal("/account/sign-in", visitor.LandedOn());
        await visitor.SignInAsync("somebody", reset.OneTime);
        Assert.Equal("/account/password", visitor.LandedOn());
    }

    [Fact]
    public async Task Disabling_ends_sessions_at_once_and_a_new_role_counts_at_once()
    {
        using var visitor = await app.SignInNewAsync("somebody");
        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.AskAsync(HttpMethod.Get, "/api/v1/audit")).StatusCode);

        await app.ChangeAsync(people => people.ChangeAsync("somebody", Roles.Operator, disabled: false, Caller.System, default));
        Assert.Equal(HttpStatusCode.OK, (await visitor.AskAsync(HttpMethod.Get, "/api/v1/audit")).StatusCode);
        await app.ChangeAsync(people => people.ChangeAsync("somebody", Roles.Operator, disabled: true, Caller.System, default));

        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.AskAsync(HttpMethod.Get, "/api/v1/videos")).StatusCode);
        await visitor.SignInAsync("somebody", AccountsApp.Password);
        Assert.Equal("/account/sign-in", visitor.LandedOn());
    }

    [Fact]
    public async Task A_changed_password_ends_the_other_sessions_and_keeps_this_one()
    {
        using var here = await app.SignInNewAsync("somebody");
        using var there = app.Visit();
        await there.SignInAsync("somebody", AccountsApp.Password);

        await here.ChangePasswordAsync(AccountsApp.Password, "a quite different phrase");

        Assert.Equal(HttpStatusCode.OK, (await here.AskAsync(HttpMethod.Get, "/api/v1/videos")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await there.AskAsync(HttpMethod.Get, "/api/v1/videos")).StatusCode);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        using var visitor = await app.SignInNewAsync("somebody");

        await visitor.SendAsync(await visitor.OpenAsync("/"), ".person form");

        Assert.Equal("/account/sign-in", visitor.LandedOn());
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.AskAsync(HttpMethod.Get, "/api/v1/videos")).StatusCode);
    }

    [Fact]
    public async Task A_copy_of_the_cookie_ends_with_the_session_and_another_session_goes_on()
    {
        using var visitor = await app.SignInNewAsync("somebody");
        using var elsewhere = app.Visit();
        await elsewhere.SignInAsync("somebody", AccountsApp.Password);
        using var thief = app.Pipeline();
        thief.DefaultRequestHeaders.Add("Cookie", visitor.Cookies.GetCookieHeader(app.ClientOptions.BaseAddress));
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/api/v1/videos")).StatusCode);

        await visitor.SendAsync(await visitor.OpenAsync("/"), ".person form");

        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/api/v1/videos")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.AskAsync(HttpMethod.Get, "/api/v1/videos")).StatusCode);
    }

    [Fact]
    public async Task A_session_that_is_used_all_the_time_ends_all_the_same()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var timed = new HeldApp { Time = time }.WithAccounts();
        timed.Settings["Accounts:SessionMaxHours"] = "24";
        using var visitor = await timed.SignInNewAsync("somebody");
        List<HttpStatusCode> answers = [];
        for (var visit = 0; visit < 4; visit++)
        {
            time.Advance(TimeSpan.FromHours(7));
            answers.Add((await visitor.AskAsync(HttpMethod.Get, "/api/v1/videos")).StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized], answers);
    }

    [Fact]
    public async Task Sessions_refusals_and_changes_are_audited_without_what_strangers_typed()
    {
        using var visitor = await app.SignInNewAsync("somebody");
        using var stranger = app.Visit();
        await stranger.SignInAsync("my secret password typed in the wrong field", "x");
        await visitor.AskAsync(HttpMethod.Get, "/api/v1/audit");
        await visitor.SendAsync(await visitor.OpenAsync("/"), ".person form");

        var records = (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(), default)).Items;
        Assert.Equal(
            [("sign-out", "somebody", "ok"), ("access-refused", "somebody", "failed"), ("sign-in-failed", "anonymous", "failed"),
                ("sign-in-succeeded", "somebody", "ok")],
            records.Where(record => record.Action != AuditActions.UserAdded).Select(record => (record.Action, record.Who, record.Outcome)));
        Assert.DoesNotContain(records, record => record.Detail?.Contains("secret", StringComparison.Ordinal) == true);
        Assert.Contains(records, record => record.Detail == "GET /api/v1/audit");
    }
}
