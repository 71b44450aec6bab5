using System.Net;
using HeyGemExport.Audit;

namespace HeyGemExport.Tests.Accounts;

public sealed class ProxyTests : IAsyncLifetime
{
    private readonly HeldApp app = new();

    public ProxyTests()
    {
        app.Settings["Accounts:Mode"] = "proxy";
        app.Settings["Accounts:Proxy:TrustedAddresses"] = "127.0.0.0/8 ::1";
        app.Settings["Accounts:Proxy:RolesHeader"] = "X-Forwarded-Roles";
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("", HttpStatusCode.Forbidden)]
    [InlineData("guests, viewer", HttpStatusCode.Forbidden)]
    [InlineData("viewer,Operator", HttpStatusCode.OK)]
    [InlineData("admin", HttpStatusCode.OK)]
    public async Task The_proxy_says_who_it_is_and_what_they_may(string roles, HttpStatusCode audit)
    {
        using var client = As("alice", roles);
        app.AddVideo("a.mp4");

        Assert.Equal(HttpStatusCode.Accepted, (await app.PostExportAsync(client, new { all = true })).StatusCode);

        Assert.Equal(audit, (await client.GetAsync("/api/v1/audit")).StatusCode);
        Assert.Equal(
            "alice",
            Assert.Single(
                (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportRequested), default)).Items).Who);
    }

    [Fact]
    public async Task The_header_is_believed_from_the_proxy_only()
    {
        app.Settings["Accounts:Proxy:TrustedAddresses"] = "192.0.2.0/24";
        using var client = As("alice", "admin");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/videos")).StatusCode);

        // Neither does it help to say that one is the proxy.
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        client.DefaultRequestHeaders.Add("X-Original-For", "192.0.2.1");

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/videos")).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("anonymous")]
    [InlineData("System")]
    [InlineData("key:pipeline")]
    public async Task Names_with_a_meaning_of_their_own_are_nobodys(string name)
    {
        using var client = As(name, "admin");

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/videos")).StatusCode);
    }

    [Fact]
    public async Task A_header_that_came_twice_is_not_believed()
    {
        using var client = As("alice", "admin");
        client.DefaultRequestHeaders.Add("X-Forwarded-User", "mallory");

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/videos")).StatusCode);
    }

    [Fact]
    public async Task A_person_whom_the_proxy_does_not_name_gets_a_page_and_no_form()
    {
        using var visitor = app.Visit();

        var page = await visitor.OpenAsync("/");

        Assert.Equal(HttpStatusCode.Unauthorized, visitor.Answer.StatusCode);
        Assert.Null(page.QuerySelector("input[type=password]"));
    }

    [Fact]
    public async Task Address_and_scheme_come_from_the_proxy_and_make_cookies_secure()
    {
        await using var behind = new HeldApp().WithAccounts();
        behind.Settings["Http:TrustedProxies"] = "127.0.0.1";
        using var client = behind.Pipeline();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "export.example");
        await behind.AddPersonAsync("somebody");

        var (form, cookies, signedIn) = await SignInAsync(client);

        Assert.Contains("max-age=", form.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
        var session = Assert.Single(
            signedIn.Headers.GetValues("Set-Cookie"), cookie => cookie.Contains("session", StringComparison.Ordinal));
        Assert.StartsWith("__Host-heygem.session=", session, StringComparison.Ordinal);
        Assert.Contains("; path=/; secure; samesite=lax; httponly", session, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; secure; samesite=strict; httponly", cookies, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(
            "198.51.100.7",
            Assert.Single(
                (await behind.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.SignInSucceeded), default)).Items).From);
    }

    [Theory]
    [InlineData("other.example", "http://other.example")]
    [InlineData("attacker.example", "http://export.example")]
    public async Task A_forwarded_host_is_no_way_around_the_names_that_the_app_answers_to(string host, string expected)
    {
        await using var behind = new HeldApp().WithAccounts();
        behind.Settings["Http:TrustedProxies"] = "127.0.0.1";
        behind.Settings["AllowedHosts"] = "export.example;other.example";
        using var client = await behind.WithKeyAsync("reader", "read");
        client.DefaultRequestHeaders.Host = "export.example";
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", host);

        var answer = await client.GetStringAsync("/openapi/v1.json");

        Assert.Contains($"\"url\": \"{expected}/\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_stranger_forwards_is_not_believed()
    {
        await using var direct = new HeldApp().WithAccounts();
        using var client = direct.Pipeline();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        await direct.AddPersonAsync("somebody");

        var (form, _, signedIn) = await SignInAsync(client);

        Assert.False(form.Headers.Contains("Strict-Transport-Security"));
        Assert.DoesNotContain(signedIn.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("__Host-", StringComparison.Ordinal));
        Assert.Equal(
            "127.0.0.1",
            Assert.Single(
                (await direct.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.SignInSucceeded), default)).Items).From);
    }

    private static async Task<(HttpResponseMessage Form, string Cookies, HttpResponseMessage SignedIn)> SignInAsync(HttpClient client)
    {
        var form = await client.GetAsync("/account/sign-in");
        var cookie = form.Headers.GetValues("Set-Cookie").Single();
        var html = await form.Content.ReadAsStringAsync();
        var token = html.Split("name=\"antiforgery\" type=\"hidden\" value=\"")[1].Split('"')[0];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/sign-in")
        {
            Content = new FormUrlEncodedContent(
                [new("antiforgery", token), new("Name", "somebody"), new("Password", AccountsApp.Password)]),
        };
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        var signedIn = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        return (form, cookie, signedIn);
    }

    private HttpClient As(string name, string roles)
    {
        var client = app.Pipeline();
        client.DefaultRequestHeaders.Add("X-Forwarded-User", name);
        client.DefaultRequestHeaders.Add("X-Forwarded-Roles", roles);
        return client;
    }
}
