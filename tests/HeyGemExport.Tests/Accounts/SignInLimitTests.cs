using System.Collections.Concurrent;
using System.Net;
using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using HeyGemExport.Audit;
using HeyGemExport.Tests.Pages;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Tests.Accounts;

/// <summary>What wrong passwords cost, and whom they keep out.</summary>
public sealed class SignInLimitTests : IAsyncLifetime
{
    private readonly CountingApp app = new CountingApp().WithAccounts();

    public SignInLimitTests() => app.Settings["Http:TrustedProxies"] = "127.0.0.1";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Every_attempt_costs_one_hash_whoever_is_named()
    {
        await app.AddPersonAsync("somebody");
        await app.AddPersonAsync("gone");
        await app.ChangeAsync(people => people.ChangeAsync("gone", Roles.Viewer, disabled: true, Caller.System, default));
        using var visitor = app.Visit();
        await visitor.SignInAsync("warm-up", "so that the decoy has been made");
        foreach (var name in new[] { "somebody", "nobody", "gone", "no name at all!", "" })
        {
            var before = app.Hasher.Verified;
            await visitor.SignInAsync(name, "wrong password here");
            Assert.Equal((name, before + 1), (name, app.Hasher.Verified));
        }
    }

    [Fact]
    public async Task Whoever_guesses_a_password_keeps_the_person_out_nowhere_else()
    {
        await app.AddPersonAsync("somebody");
        using var guesser = app.Visit();
        for (var attempt = 0; attempt < SignInLimits.PerNameAndAddress; attempt++)
        {
            Assert.Equal(HttpStatusCode.OK, await TryAsync(guesser, "192.0.2.1", "wrong password here"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync(guesser, "192.0.2.1", AccountsApp.Password));
        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync(guesser, "192.0.2.1", AccountsApp.Password));
        using var person = app.Visit();
        Assert.Equal(HttpStatusCode.OK, await TryAsync(person, "192.0.2.2", AccountsApp.Password));

        Assert.Equal("/", person.LandedOn());
        Assert.Equal(1, (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.SignInLocked), default)).Total);

        async Task<HttpStatusCode> TryAsync(PageVisitor visitor, string address, string password)
        {
            visitor.Headers.Remove("X-Forwarded-For");
            visitor.Headers.Add("X-Forwarded-For", address);
            await visitor.SignInAsync("somebody", password);
            return visitor.Answer.StatusCode;
        }
    }

    [Fact]
    public async Task Attempts_are_limited_for_each_name_whether_it_exists_or_not()
    {
        using var visitor = app.Visit();
        for (var attempt = 0; attempt < SignInLimits.PerNameAndAddress; attempt++)
        {
            await visitor.SignInAsync("nobody", "wrong password here");
            Assert.Equal(HttpStatusCode.OK, visitor.Answer.StatusCode);
        }

        var before = app.Hasher.Verified;
        await visitor.SignInAsync("NoBody", "wrong password here");

        Assert.Equal(HttpStatusCode.TooManyRequests, visitor.Answer.StatusCode);
        Assert.Equal(before, app.Hasher.Verified);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", true)]
    public async Task Attempts_are_limited_for_each_client(string first, string second, bool isAllowed)
    {
        var limits = app.Get<SignInLimits>();
        for (var attempt = 0; attempt < SignInLimits.PerAddress; attempt++)
        {
            Assert.True(await limits.AllowAsync(first, $"NAME{attempt}", default));
        }

        Assert.Equal(isAllowed, await limits.AllowAsync(second, "ANOTHER", default));
    }

    private sealed class CountingApp : ExportApp
    {
        public CountingHasher Hasher { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddSingleton<IPasswordHasher<User>>(Hasher));
        }
    }

    private sealed class CountingHasher : PasswordHasher<User>
    {
        private readonly ConcurrentBag<string> verified = [];

        public int Verified => verified.Count;

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            verified.Add(hashedPassword);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
