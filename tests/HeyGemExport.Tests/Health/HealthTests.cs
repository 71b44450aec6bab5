using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using HeyGemExport.Cli;
using HeyGemExport.Health;

namespace HeyGemExport.Tests.Health;

public sealed class HealthTests
{
    private static readonly Uri Ready = new("/healthz/ready", UriKind.Relative);

    [Fact]
    public async Task Ready_is_200_with_every_check_when_all_is_in_place()
    {
        await using var app = Plenty();
        using var client = app.CreateClient();

        var response = await client.GetAsync(Ready);
        var report = await response.Content.ReadFromJsonAsync<HealthReport>();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal("ok", report!.Status);
        Assert.Matches(@"^\d+\.\d+\.\d+", report.Version);
        Assert.Equal("outputs temp data logs space database archives engine", string.Join(' ', report.Checks.Select(check => check.Name)));
        Assert.All(report.Checks, check => Assert.Null(check.Remedy));
    }

    [Fact]
    public async Task Ready_is_503_with_a_remedy_until_the_folder_is_repaired_without_a_restart()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var app = Plenty(clock);
        app.Settings["Library:OutputsPath"] = app.Folder["later"];
        using var client = app.CreateClient();

        var broken = await client.GetAsync(Ready);
        var outputs = (await broken.Content.ReadFromJsonAsync<HealthReport>())!.Checks[0];
        Directory.CreateDirectory(app.Folder["later"]);
        clock.Advance(SystemCheck.Freshness);
        var repaired = await client.GetAsync(Ready);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, broken.StatusCode);
        Assert.Equal(("failed", "folder-missing"), (outputs.State, outputs.Code));
        Assert.Contains(app.Folder["later"], outputs.Message, StringComparison.Ordinal);
        Assert.Contains($"mkdir -p \"{app.Folder["later"]}\"", outputs.Remedy, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, repaired.StatusCode);
    }

    [Fact]
    public async Task Little_space_is_degraded_and_still_200()
    {
        await using var app = Plenty();
        app.Settings["Ops:LowFreeBytes"] = long.MaxValue.ToString(CultureInfo.InvariantCulture);
        using var client = app.CreateClient();

        var response = await client.GetAsync(Ready);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("degraded", (await response.Content.ReadFromJsonAsync<HealthReport>())!.Status);
    }

    [Fact]
    public async Task Live_does_not_depend_on_the_checks()
    {
        await using var app = Plenty();
        app.Settings["Library:OutputsPath"] = app.Folder["missing"];
        using var client = app.CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/healthz/live", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(new(HttpMethod.Head, "/healthz/live"))).StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://*:80", "http://127.0.0.1/")]
    [InlineData("http://+:9000", "http://127.0.0.1:9000/")]
    [InlineData("http://[::]:9000", "http://127.0.0.1:9000/")]
    [InlineData("http://render-server:9000", "http://render-server:9000/")]
    public void The_health_command_finds_the_local_address(string urls, string expected)
    {
        Assert.Equal(new Uri(expected), HealthCommand.LocalAddress(urls));
    }

    private static ExportApp Plenty(TimeProvider? time = null)
    {
        var app = new ExportApp { Time = time };
        app.Settings["Ops:LowFreeBytes"] = "0";
        app.Settings["Ops:MinimumFreeBytes"] = "0";
        return app;
    }
}
