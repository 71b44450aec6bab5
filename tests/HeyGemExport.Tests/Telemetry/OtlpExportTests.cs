using System.Net.Http.Json;
using System.Text;
using HeyGemExport.Tests.Notifications;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace HeyGemExport.Tests.Telemetry;

/// <summary>What is sent to an OTLP receiver, and that nothing is without one.</summary>
public sealed class OtlpExportTests
{
    [Fact]
    public async Task Traces_and_metrics_arrive_at_the_endpoint()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = new ExportApp();
        app.AddVideo("a.mp4");
        foreach (var (key, value) in new[]
        {
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_SERVICE_NAME", "render-7"),
            ("Delivery:Destinations:store:Endpoint", receiver.Address), ("Delivery:Destinations:store:Bucket", "bucket"),
            ("Delivery:Destinations:store:ForcePathStyle", "true"),
            ("Delivery:Destinations:store:AccessKeyId", "id"), ("Delivery:Destinations:store:SecretAccessKey", "secret-to-hide"),
        })
        {
            app.Settings[key] = value;
        }

        using var client = app.CreateClient();
        var export = await app.ExportAsync(client, new { all = true });
        await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString());
        await client.PostAsync("/api/v1/destinations/store/test", content: null);
        await client.GetAsync("/s/token-to-hide");
        await client.GetAsync("/healthz/live");

        foreach (
            var span in new[] { "render-7", "plan", "export", "build", "verify", "publish", "exports/{id}/download",
            "object storage PutAsync", "/s/…" })
        {
            await Eventually.HoldsAsync(() => Sent(receiver, "/v1/traces").Contains(span, StringComparison.Ordinal));
        }

        foreach (
            var instrument in new[] { "heygem.exports.ready", "heygem.folder.free", "http.server.request.duration",
            "dotnet.gc.collections" })
        {
            await Eventually.HoldsAsync(() => Sent(receiver, "/v1/metrics").Contains(instrument, StringComparison.Ordinal));
        }

        var all = Sent(receiver, "/v1/");
        Assert.DoesNotContain("-to-hide", all, StringComparison.Ordinal);
        Assert.DoesNotContain("healthz", Sent(receiver, "/v1/traces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_is_sent()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = new HeldApp();
        app.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        app.Settings["OTEL_BSP_SCHEDULE_DELAY"] = "1";
        using var client = app.CreateClient();

        await client.GetFromJsonAsync<object>("/api/v1/videos");

        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.Null(app.Services.GetService<MeterProvider>());
        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task Without_an_endpoint_none_of_it_is_loaded()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder);

        await server.Client.GetAsync("/");
        var loaded = await File.ReadAllTextAsync($"/proc/{server.Id}/maps");

        Assert.Contains("Serilog.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
    }

    private static string Sent(Receiver receiver, string path) => string.Concat(receiver.Messages
        .Where(message => message.Path.StartsWith(path, StringComparison.Ordinal))
        .Select(message => Encoding.UTF8.GetString(message.Body)));
}
