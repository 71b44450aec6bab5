using System.Net;
using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using HeyGemExport.Shares;
using HeyGemExport.Tests.Accounts;
using HeyGemExport.Tests.Data;
using HeyGemExport.Tests.Pages;
using HeyGemExport.Tests.Shares;
using Microsoft.AspNetCore.DataProtection;

namespace HeyGemExport.Tests.Nodes;

/// <summary>Two nodes over one PostgreSQL, each with a data folder of its own, behind a load balancer that gives each request to the other
/// one.</summary>
[Collection(NodesCollection.Name)]
public sealed class OwnDataFolderTests(PostgreSqlServer server) : DatabaseTest
{
    [DatabaseFact]
    public async Task Sessions_and_forms_of_one_node_are_good_on_the_other()
    {
        var (one, other) = StartTwo();
        await one.AddPersonAsync("alice", Roles.Viewer);
        using var visitor = PageVisitor.Of(one, other);

        await visitor.SignInAsync("alice", AccountsApp.Password);

        Assert.Equal("/", visitor.LandedOn());
        await visitor.OpenAsync("/exports");
        Assert.Equal("/exports", visitor.LandedOn());
        await visitor.ChangePasswordAsync(AccountsApp.Password, "a quite different phrase");
        using var again = PageVisitor.Of(one, other);
        await again.SignInAsync("alice", "a quite different phrase");
        Assert.Equal("/", again.LandedOn());
    }

    [DatabaseFact]
    public async Task Attempts_to_sign_in_count_on_both()
    {
        var (one, other) = StartTwo();
        using var visitor = PageVisitor.Of(one, other);
        for (var attempt = 0; attempt < SignInLimits.PerNameAndAddress; attempt++)
        {
            await visitor.SignInAsync("nobody", "wrong password here");
            Assert.Equal(HttpStatusCode.OK, visitor.Answer.StatusCode);
        }

        await visitor.SignInAsync("nobody", "wrong password here");

        Assert.Equal(HttpStatusCode.TooManyRequests, visitor.Answer.StatusCode);
    }

    [DatabaseFact]
    public async Task Passwords_and_tokens_of_links_count_on_both()
    {
        var (one, other) = StartTwo();
        one.AddVideo("a.mp4");
        using var owner = await one.SignInNewAsync("alice");
        using var pipeline = await one.WithKeyAsync("pipeline", "export");
        var share = await pipeline.ShareAsync(await one.PackAsync(pipeline), new { password = "open sesame" });
        using var visitor = PageVisitor.Of(one, other);
        for (var attempt = 0; attempt < ShareLimits.PasswordsPerAddress; attempt++)
        {
            await visitor.SendAsync(await visitor.OpenAsync(share.Address()), "main form", ("password", $"guess {attempt}"));
            Assert.Equal(HttpStatusCode.OK, visitor.Answer.StatusCode);
        }

        await visitor.SendAsync(await visitor.OpenAsync(share.Address()), "main form", ("password", "open sesame"));
        Assert.Equal(HttpStatusCode.TooManyRequests, visitor.Answer.StatusCode);

        for (var miss = 0; miss < ShareLimits.MissesPerAddress; miss++)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await visitor.AskAsync(HttpMethod.Get, $"/s/{miss}/download")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await visitor.AskAsync(HttpMethod.Get, "/s/one/download")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await visitor.AskAsync(HttpMethod.Get, "/s/another/download")).StatusCode);
    }

    [DatabaseFact]
    public async Task A_node_that_was_alone_brings_its_keys_along()
    {
        string session;
        await using (var alone = new ExportApp(Folder))
        {
            session = Protector(alone).Protect("alice");
        }

        var (former, added) = StartTwo();

        Assert.Equal("alice", Protector(former).Unprotect(session));
        Assert.Equal("alice", Protector(added).Unprotect(session));
        Assert.Equal("bob", Protector(former).Unprotect(Protector(added).Protect("bob")));
    }

    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();

    private static IDataProtector Protector(ExportApp app) => app.Get<IDataProtectionProvider>().CreateProtector("test");

    private (HeldApp One, HeldApp Other) StartTwo()
    {
        var other = new HeldApp(Folder).WithAccounts();
        other.Settings["Data:Path"] = Folder["data-2"];
        other.Settings["Logs:Path"] = Folder["logs-2"];
        return (Start(new HeldApp(Folder).WithAccounts()), Start(other));
    }
}
