using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Telemetry;

/// <summary>What <c>/metrics</c> tells, and whom.</summary>
public sealed class MetricsTests
{
    private const string Token = "a token that is long enough";

    [Fact]
    public async Task Figures_move_with_what_happens()
    {
        using var app = new HeldApp();
        app.AddVideo("a.mp4");
        app.AddVideo("b.mp4");
        using var client = app.CreateClient();
        var before = await ScrapeAsync(client);
        Assert.Equal(0, before["heygem_exports_ready_total"]);
        Assert.Equal(0, before["heygem_exports_failed_total{code=\"source-vanished\"}"]);

        var ready = await ConfirmAsync(app, client, "a.mp4");
        Assert.Equal(1, (await ScrapeAsync(client))["heygem_exports{state=\"queued\"}"]);
        await ConfirmAsync(app, client, "a.mp4");
        await app.RunAsync(ready);
        await client.GetByteArrayAsync($"/exports/{ready}/download");
        var failed = await ConfirmAsync(app, client, "b.mp4");
        File.Delete(Path.Combine(app.Outputs, "b.mp4"));
        await app.RunAsync(failed);
        await client.PostAsync($"/api/v1/exports/{failed}/retry", content: null);
        await client.PostAsync($"/api/v1/exports/{failed}/cancel", content: null);
        await client.DeleteAsync($"/api/v1/exports/{failed}");
        var bytes = (await app.Get<ExportService>().FindAsync(ready, default))!.ArchiveBytes!.Value;
        await Eventually.HoldsAsync(async () => (await ScrapeAsync(client))["heygem_downloads_finished_total{outcome=\"complete\"}"] == 1);
        var held = await ScrapeAsync(client);
        await client.PostAsync($"/api/v1/exports/{ready}/remove", content: null);
        var after = await ScrapeAsync(client);

        Assert.Equal(
            (2d, 1d, 2d, 1d, 1d),
            (after["heygem_exports_requested_total"], after["heygem_exports_joined_total"], after["heygem_exports_started_total"],
                after["heygem_exports_ready_total"], after["heygem_exports_failed_total{code=\"source-vanished\"}"]));
        Assert.Equal(
            (1d, 1d, 1d),
            (after["heygem_exports_retried_total"], after["heygem_exports_cancelled_total"], after["heygem_exports_deleted_total"]));
        Assert.Equal((bytes, bytes), (after["heygem_exports_packed_bytes_total"], after["heygem_downloads_sent_bytes_total"]));
        Assert.Equal((1d, 2d), (after["heygem_export_duration_seconds_count"], after["heygem_export_wait_seconds_count"]));
        Assert.Equal((bytes, 0d), (held["heygem_archives_size_bytes"], after["heygem_archives_size_bytes"]));
        Assert.Equal((1d, bytes), (after["heygem_exports_expired_total{reason=\"by-hand\"}"], after["heygem_retention_freed_bytes_total"]));
        Assert.True(after["heygem_folder_free_bytes{folder=\"temp\"}"] > 0);
        Assert.Equal(0, after["heygem_check_state{check=\"database\"}"]);
        Assert.True(after["dotnet_process_memory_working_set_bytes"] > 1_000_000);
        Assert.Contains(
            after.Keys,
            name => name.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal)
                && name.Contains("/api/v1/exports", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_tells_only_of_itself()
    {
        using var one = new HeldApp();
        using var other = new HeldApp();
        one.AddVideo("a.mp4");
        using var client = one.CreateClient();
        using var neighbour = other.CreateClient();

        await ConfirmAsync(one, client, "a.mp4");

        Assert.Equal(1, (await ScrapeAsync(client))["heygem_exports_requested_total"]);
        Assert.Equal(0, (await ScrapeAsync(neighbour))["heygem_exports_requested_total"]);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer a token that is long enougH", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer a token that is long enough and more", HttpStatusCode.Unauthorized)]
    [InlineData("Basic a token that is long enough", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + Token, HttpStatusCode.OK)]
    public async Task Who_is_no_operator_needs_the_token(string? authorization, HttpStatusCode expected)
    {
        using var app = new GuardedApp();
        app.Settings["Ops:MetricsToken"] = Token;
        using var client = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count > 0);
        Assert.DoesNotContain(Token, await File.ReadAllTextAsync(app.RunLog), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_is_read_anew_each_time()
    {
        using var app = new GuardedApp();
        app.Settings["Ops:MetricsTokenFile"] = app.Folder["token"];
        app.Folder.Write("token", "the first token of it\n"u8.ToArray(), DateTime.UnixEpoch);
        using var client = app.CreateClient();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "the first token of it"));
        await File.WriteAllTextAsync(app.Folder["token"], "another token by now");

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, "the first token of it"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "another token by now"));
        File.Delete(app.Folder["token"]);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, "another token by now"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, ""));
    }

    internal static async Task<IReadOnlyDictionary<string, double>> ScrapeAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        return PrometheusText.Parse(await response.Content.ReadAsStringAsync()).Samples;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string token)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, "/metrics") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<string> ConfirmAsync(ExportApp app, HttpClient client, string path)
    {
        var response = await app.PostExportAsync(client, new { paths = new[] { path } });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>A host in which nobody is an operator who has not signed in.</summary>
    private sealed class GuardedApp : ExportApp
    {
        public GuardedApp() => Settings["Accounts:Mode"] = "accounts";
    }
}
