using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Tests.Telemetry;

namespace HeyGemExport.Tests.Uploads;

/// <summary>What <c>/metrics</c> tells of deliveries.</summary>
[Collection(SwiftCollection.Name)]
public sealed class UploadMetricsTests(SwiftServer server) : UploadTest(server)
{
    [SwiftFact]
    public async Task Figures_of_a_destination_move_with_what_happens_to_its_deliveries()
    {
        Configured(new ExportApp(Folder), ("Delivery:Destinations:wrong:Endpoint", Proxy.Endpoint),
            ("Delivery:Destinations:wrong:Bucket", Bucket.Name), ("Delivery:Destinations:wrong:ForcePathStyle", "true"),
            ("Delivery:Destinations:wrong:AccessKeyId", SwiftServer.AccessKey), (
                "Delivery:Destinations:wrong:SecretAccessKey", "not the secret"));
        App.AddVideo("a.mp4", 200_000);
        using var client = App.CreateClient();
        var before = await MetricsTests.ScrapeAsync(client);
        var export = await App.ExportAsync(client, new { all = true });

        var delivery = await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "STORE" }));
        await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "wrong" }));

        AssertReady(delivery);
        await Eventually.HoldsAsync(
            async () =>
                (await MetricsTests.ScrapeAsync(
                client))["heygem_deliveries_failed_total{code=\"store-credentials\",destination=\"wrong\"}"] == 1);
        var after = await MetricsTests.ScrapeAsync(client);
        Assert.Equal(0, before["heygem_deliveries_failed_total{code=\"store-credentials\",destination=\"wrong\"}"]);
        foreach (var (name, count) in new[] { ("requested", 1), ("started", 1), ("ready", 1), ("cancelled", 0) })
        {
            Assert.Equal(
                (name, 0d, (double)count),
                (name, before[$"heygem_deliveries_{name}_total{{destination=\"store\"}}"],
                    after[$"heygem_deliveries_{name}_total{{destination=\"store\"}}"]));
        }

        Assert.Equal(
            (1d, 0d),
            (after["heygem_deliveries_started_total{destination=\"wrong\"}"],
                after["heygem_deliveries_sent_bytes_total{destination=\"wrong\"}"]));
        Assert.Equal(delivery.GetProperty("totalBytes").GetInt64(), after["heygem_deliveries_sent_bytes_total{destination=\"store\"}"]);
        Assert.Equal(1, after["heygem_delivery_duration_seconds_count{destination=\"store\"}"]);
        Assert.True(after["heygem_delivery_duration_seconds_sum{destination=\"store\"}"] > 0);
    }

    [SwiftFact]
    public async Task One_that_a_person_ends_and_one_whose_export_ends_are_told_apart()
    {
        await using var app = new HeldApp();
        foreach (
            var (key, value) in new[] { ("Endpoint", "http://127.0.0.1:9"), ("Bucket", "videos"), ("AccessKeyId", "key"),
            ("SecretAccessKey", "secret") })
        {
            app.Settings["Delivery:Destinations:store:" + key] = value;
        }

        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var export = (await (await app.PostExportAsync(client, new { all = true })).Content.ReadFromJsonAsync<JsonElement>()).Id();
        await client.PostAsync(
            $"/api/v1/deliveries/{await DeliverAsync(client, export, new { destination = "store", prefix = "one" })}/cancel",
            content: null);
        await DeliverAsync(client, export, new { destination = "store", prefix = "two" });
        await client.PostAsync($"/api/v1/exports/{export}/cancel", content: null);

        await Eventually.HoldsAsync(
            async () =>
                (await MetricsTests.ScrapeAsync(
                client))["heygem_deliveries_failed_total{code=\"export-cancelled\",destination=\"store\"}"] == 1);
        var after = await MetricsTests.ScrapeAsync(client);
        Assert.Equal((2d, 1d, 0d), (Of("requested"), Of("cancelled"), Of("started")));

        double Of(string name) => after[$"heygem_deliveries_{name}_total{{destination=\"store\"}}"];
    }
}
