using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Tests.Accounts;

public sealed class ModeTests
{
    [Theory]
    [InlineData("urls", "http://127.0.0.1:5080", AccountsMode.Open)]
    [InlineData("urls", "http://localhost:5080;http://[::1]:5080", AccountsMode.Open)]
    [InlineData("urls", "http://127.0.0.1:5080;http://192.0.2.1:5080", AccountsMode.Accounts)]
    [InlineData("urls", "http://0.0.0.0:5080", AccountsMode.Accounts)]
    [InlineData("urls", "http://[::]:5080", AccountsMode.Accounts)]
    [InlineData("urls", "http://*:5080", AccountsMode.Accounts)]
    [InlineData("urls", "http://+:8080", AccountsMode.Accounts)]
    [InlineData("urls", "http://render-server:5080", AccountsMode.Accounts)]
    [InlineData("urls", "http://unix:/run/app.sock", AccountsMode.Accounts)]
    [InlineData("http_ports", "8080", AccountsMode.Accounts)]
    [InlineData("https_ports", "8443", AccountsMode.Accounts)]
    [InlineData("Kestrel:Endpoints:Any:Url", "http://0.0.0.0:8080", AccountsMode.Accounts)]
    [InlineData("Kestrel:Endpoints:Local:Url", "http://127.0.0.1:8080", AccountsMode.Open)]
    [InlineData("nothing", "at all", AccountsMode.Accounts)]
    public void The_mode_follows_from_where_the_app_listens(string key, string value, AccountsMode expected) =>
        Assert.Equal(expected, new ActiveMode(Options.Create(new AccountsOptions()), Configuration((key, value))).Mode);

    [Theory]
    [InlineData("Accounts:Mode", "open", "urls", "http://0.0.0.0:5080", "Accounts:Mode must not be open on http://0.0.0.0:5080")]
    [InlineData("Accounts:Mode", "closed", "urls", "http://127.0.0.1:1", "Accounts:Mode must be open, accounts or proxy")]
    [InlineData("Accounts:Mode", "proxy", "urls", "http://127.0.0.1:1", "Accounts:Proxy:TrustedAddresses must name the proxy's address")]
    [InlineData("Accounts:Proxy:TrustedAddresses", "10.0.0.0/33", "urls", "http://127.0.0.1:1",
        "Accounts:Proxy:TrustedAddresses must have addresses or networks")]
    [InlineData("Http:TrustedProxies", "proxy.example", "urls", "http://127.0.0.1:1",
        "Http:TrustedProxies must have addresses or networks")]
    [InlineData("Accounts:SessionHours", "0", "urls", "http://127.0.0.1:1", "Accounts:SessionHours must be between 0 exclusive and 720")]
    [InlineData("ForwardedHeaders_Enabled", "true", "urls", "http://127.0.0.1:1", "name the proxy in Http:TrustedProxies")]
    public void A_setting_that_would_let_anybody_in_is_named_at_start(
        string key, string value, string otherKey, string otherValue, string error)
    {
        Assert.Contains(error, Assert.Single(Failures(Configuration((key, value), (otherKey, otherValue)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_on_a_network_address_is_allowed_to_whoever_says_so() => Assert.Empty(Failures(
        Configuration(("urls", "http://0.0.0.0:80"), ("Accounts:Mode", "open"), ("Accounts:AllowOpenOnNetwork", "true"))));

    [Fact]
    public async Task A_first_start_on_every_address_is_not_open()
    {
        await using var app = new NetworkApp();
        using var client = app.Pipeline();

        foreach (var address in new[] { "/api/v1/videos", "/api/v1/exports", "/api/v1/audit", "/openapi/v1.json", "/" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(address)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz/live")).StatusCode);
    }

    [Fact]
    public async Task Readiness_tells_strangers_no_paths_and_operators_everything()
    {
        await using var app = new HeldApp().WithAccounts();
        using var stranger = app.Pipeline();
        using var ops = await app.WithKeyAsync("watch", "ops");

        var told = await stranger.GetStringAsync("/healthz/ready");
        var known = await ops.GetStringAsync("/healthz/ready");

        Assert.DoesNotContain(app.Folder.FullPath, told, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"outputs\",\"state\":\"ok\"", told, StringComparison.Ordinal);
        Assert.Contains(app.Folder.FullPath, known, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attacker.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.attacker.example", HttpStatusCode.BadRequest)]
    [InlineData("192.0.2.1:5080", HttpStatusCode.BadRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:9", HttpStatusCode.OK)]
    public async Task An_open_app_answers_to_no_name_but_loopbacks(string host, HttpStatusCode expected)
    {
        await using var app = new HeldApp();
        using var client = app.Pipeline();
        client.DefaultRequestHeaders.Host = host;

        Assert.Equal(expected, (await client.GetAsync("/api/v1/videos")).StatusCode);
    }

    [Fact]
    public async Task An_open_app_answers_to_the_names_that_are_configured()
    {
        await using var app = new HeldApp();
        app.Settings["AllowedHosts"] = "export.example";
        using var client = app.Pipeline();
        client.DefaultRequestHeaders.Host = "export.example";

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/videos")).StatusCode);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Real-IP")]
    [InlineData("Forwarded")]
    public async Task An_open_app_refuses_what_comes_through_a_proxy(string header)
    {
        await using var app = new HeldApp();
        using var client = app.Pipeline();
        client.DefaultRequestHeaders.Add(header, "for=192.0.2.1");

        using var answer = await client.GetAsync("/api/v1/videos");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("open-behind-proxy", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    private static IReadOnlyList<string> Failures(IConfiguration configuration)
    {
        using var services = new ServiceCollection().AddSingleton(configuration).BuildServiceProvider();
        var accounts = configuration.GetSection(AccountsOptions.Section).Get<AccountsOptions>() ?? new AccountsOptions();
        var http = configuration.GetSection(HttpOptions.Section).Get<HttpOptions>() ?? new HttpOptions();
        return
        [
            .. ValidatedOptions.Failures(AccountsOptions.Section, accounts, services),
            .. ValidatedOptions.Failures(HttpOptions.Section, http, services),
        ];
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
        .Build();

    /// <summary>Configured for every address; its socket is on loopback all the same, so that a test opens nothing to the
    /// network.</summary>
    private sealed class NetworkApp : ExportApp
    {
        public NetworkApp() => Settings["urls"] = "http://0.0.0.0:0";

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(
                services => services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0)));
        }
    }
}
