using System.Diagnostics;
using System.Net;
using HeyGemExport.Accounts.Schemes;

namespace HeyGemExport.Tests.Accounts;

/// <summary>What the mode <c>open</c> answers: what a program on this machine sends, and nothing that came through a proxy.</summary>
public sealed class OpenModeTests : IAsyncLifetime
{
    private readonly HeldApp app = new();

    private Uri Address => app.ClientOptions.BaseAddress;

    public Task InitializeAsync()
    {
        app.StartServer();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("HTTP/1.1", "", "200")]
    [InlineData("HTTP/1.0", "", "403")]
    [InlineData("HTTP/1.1", "Referer: http://videos.example/", "403")]
    [InlineData("HTTP/1.1", "Origin: http://videos.example", "403")]
    [InlineData("HTTP/1.1", "Referer: http://{0}/exports", "200")]
    [InlineData("HTTP/1.1", "Sec-Fetch-Site: cross-site\r\nReferer: https://chat.example/", "200")]
    [InlineData("HTTP/1.1", "X-Forwarded-Server: proxy", "403")]
    [InlineData("HTTP/1.1", "Via: 1.1 proxy", "403")]
    [InlineData("HTTP/1.1", "CF-Ray: 1", "403")]
    public async Task A_request_that_only_a_proxy_sends_is_refused(string version, string header, string expected)
    {
        var lines = header.Length == 0
            ? ""
            : string.Format(System.Globalization.CultureInfo.InvariantCulture, header, Address.Authority) + "\r\n";

        var answer = await RawHttp.SendAsync(Address, System.Text.Encoding.ASCII.GetBytes(
            $"GET /api/v1/videos {version}\r\nHost: {Address.Authority}\r\n{lines}Connection: close\r\n\r\n"));

        Assert.StartsWith($"HTTP/1.1 {expected}", answer, StringComparison.Ordinal);
    }

    [ProgramFact("nginx")]
    public async Task Nginx_as_it_is_by_default_opens_nothing_to_the_network()
    {
        await using var nginx = await NginxServer.StartPlainAsync(Address);
        using var client = new HttpClient { BaseAddress = nginx.Address };

        foreach (var address in new[] { "/", "/api/v1/videos", "/api/v1/exports", "/hangfire", "/people/keys", "/metrics" })
        {
            var status = (await client.GetAsync(address)).StatusCode;
            Assert.True(status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, $"{address}: {status}");
        }
    }

    [RootFact]
    public async Task The_account_of_a_service_is_refused_and_that_of_a_person_is_not()
    {
        Assert.Equal("403", await AskAsAsync("33"));
        Assert.Equal("403", await AskAsAsync("65534"));
        Assert.Equal("200", await AskAsAsync("1000"));
        Assert.Equal("200", await AskAsAsync("0"));
    }

    [Theory]
    [InlineData(33u, 0u, true)]
    [InlineData(999u, 1000u, true)]
    [InlineData(999u, 999u, false)]
    [InlineData(65534u, 1000u, true)]
    [InlineData(0u, 1000u, false)]
    [InlineData(1001u, 1000u, false)]
    public void Services_have_accounts_of_their_own(uint owner, uint own, bool expected) =>
        Assert.Equal(expected, LoopbackPeer.IsService(owner, own));

    private async Task<string> AskAsAsync(string user)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "setpriv",
            [
                "--reuid=" + user, "--regid=" + user, "--clear-groups",
                "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", $"{Address}api/v1/videos",
            ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        return await process.StandardOutput.ReadToEndAsync();
    }
}
