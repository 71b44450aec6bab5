using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace HeyGemExport.Tests.Uploads;

/// <summary>Exports on their way to a real store, over the API.</summary>
[Collection(SwiftCollection.Name)]
public sealed class UploadTests(SwiftServer server) : UploadTest(server)
{
    [SwiftFact]
    public async Task A_ready_archive_arrives_whole_and_its_manifest_last()
    {
        App.AddVideo("批次/课程 01.mp4", 200_000);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });
        var archive = await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString());

        var delivery = await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "store" }));

        var name = export.GetProperty("archiveName").GetString()!;
        AssertReady(delivery);
        Assert.Equal($"s3://{Bucket.Name}/results/{name}", delivery.GetProperty("address").GetString());
        Assert.Equal([$"results/{name}", $"results/{name}.manifest.json"], await Bucket.KeysAsync());
        Assert.Equal(archive, await Bucket.ReadAsync($"results/{name}"));
        var manifest = JsonDocument.Parse(await Bucket.ReadAsync($"results/{name}.manifest.json")).RootElement;
        var entry = Assert.Single(manifest.GetProperty("objects").EnumerateArray());
        Assert.Equal($"results/{name}", entry.GetProperty("key").GetString());
        Assert.Equal(archive.Length, entry.GetProperty("bytes").GetInt64());
        Assert.Equal(export.GetProperty("archiveSha256").GetString(), entry.GetProperty("sha256").GetString());
        Assert.EndsWith(
            ".manifest.json", Proxy.Requests.Last(request => request.StartsWith("PUT", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Equal(
            ["delivery-requested", "delivery-started", "delivery-ready"],
            (await client.ActionsAsync()).Where(action => action.StartsWith("delivery", StringComparison.Ordinal)));
    }

    [SwiftFact]
    public async Task An_instant_archive_is_sent_from_the_videos_and_takes_no_temp_space()
    {
        var clip = App.AddVideo("批次/课程 01.mp4", Part + 1000);
        using var client = App.CreateClient();
        var packed = await App.ExportAsync(client, new { all = true });
        await client.PostAsync($"/api/v1/exports/{packed.Id()}/remove", content: null);
        await Eventually.HoldsAsync(() => App.TempFiles.Length == 0);
        var response = await App.PostExportAsync(client, new { all = true }, new { delivery = "instant" });
        var export = await response.Content.ReadFromJsonAsync<JsonElement>();

        var delivery = await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "store" }));

        AssertReady(delivery);
        var archive = await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString());
        Assert.Equal(archive, await Bucket.ReadAsync($"results/{export.GetProperty("archiveName").GetString()}"));
        Assert.True(archive.AsSpan().IndexOf(clip) > 0);
        Assert.Empty(App.TempFiles);
    }

    [SwiftFact]
    public async Task Videos_arrive_as_objects_of_their_own()
    {
        var first = App.AddVideo("批次/课程 01.mp4", 200_000);
        var second = App.AddVideo("b+&%.mp4", Part + 1000, seed: 2);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });

        var delivery = await EndOfAsync(
            client, await DeliverAsync(client, export.Id(), new { destination = "STORE", what = "videos", prefix = "spring/2026" }));

        var folder = "results/spring/2026/" + Path.GetFileNameWithoutExtension(export.GetProperty("archiveName").GetString()!);
        AssertReady(delivery);
        Assert.Equal($"s3://{Bucket.Name}/{folder}/", delivery.GetProperty("address").GetString());
        Assert.Equal(new[] { $"{folder}/b+&%.mp4", $"{folder}/manifest.json", $"{folder}/批次/课程 01.mp4" }, await Bucket.KeysAsync());
        Assert.Equal(first, await Bucket.ReadAsync($"{folder}/批次/课程 01.mp4"));
        Assert.Equal(second, await Bucket.ReadAsync($"{folder}/b+&%.mp4"));
    }

    [SwiftFact]
    public async Task Packed_and_sent_in_one_go_nothing_stays_here()
    {
        App.AddVideo("a.mp4", 200_000);
        using var client = App.CreateClient();
        var response = await client.PostAsJsonAsync(
            "/api/v1/exports", new { selection = new { all = true }, deliver = new { destination = "store", dropLocal = true } });
        var id = await response.IdAsync();
        var delivery = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}/deliveries")).GetProperty("items")[0].Id();

        AssertReady(await EndOfAsync(client, delivery));

        await Eventually.HoldsAsync(async () => (await client.GetAsync($"/exports/{id}/download")).StatusCode == HttpStatusCode.Gone);
        Assert.Empty(App.TempFiles);
        Assert.Equal(2, (await Bucket.KeysAsync()).Length);
    }

    [SwiftFact]
    public async Task A_set_in_parts_arrives_part_by_part()
    {
        App.AddVideo("a.mp4", 100_000, seed: 1);
        App.AddVideo("b.mp4", 100_000, seed: 2);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true }, new { maxPartBytes = 150_000 });

        await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "store" }));

        foreach (var part in export.GetProperty("parts").EnumerateArray())
        {
            Assert.Equal(
                part.GetProperty("sha256").GetString(), await Bucket.Sha256Async("results/" + part.GetProperty("name").GetString()));
        }

        Assert.Equal(3, (await Bucket.KeysAsync()).Length);
    }

    [SwiftFact]
    public async Task Some_hundred_megabytes_arrive_in_flat_memory_with_the_same_hash()
    {
        const long Length = 400L << 20;
        Clips.WriteSparseMp4(Folder["outputs", "large.mp4"], Length);

        // A process of its own has its own memory.
        await using var process = await ServerProcess.StartAsync(
            Folder, [.. Settings().Select(setting => $"{setting.Key}={setting.Value}")]);
        var client = process.Client;
        var requested = await client.PostAsJsonAsync(
            "/api/v1/exports", new { selection = new { all = true }, options = new { compression = "store" } });
        var export = await ExportApp.EndOfAsync(client, await requested.IdAsync());
        var before = process.PeakMegabytes;

        var delivery = await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "store" }));

        var more = process.PeakMegabytes - before;
        AssertReady(delivery);
        Assert.Equal(
            export.GetProperty("archiveSha256").GetString(),
            await Bucket.Sha256Async("results/" + export.GetProperty("archiveName").GetString()));
        Assert.Equal(81, Proxy.PartsSent.Count);
        Assert.InRange(more, 0, 100);
    }

    [SwiftFact]
    public async Task Asking_twice_joins_and_asking_wrongly_is_refused_before_anything_is_packed()
    {
        App.AddVideo("large.mp4", 3 * Part);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });
        var release = Proxy.HoldAfter(parts: 0);
        var first = await DeliverAsync(client, export.Id(), new { destination = "store" });
        var second = await DeliverAsync(client, export.Id(), new { destination = "store", what = "archive" });
        release.SetResult();

        Assert.Equal(first, second);
        AssertReady(await EndOfAsync(client, first));
        foreach (
            var (choice, code) in new (object, string)[] { (new { destination = "nowhere" }, "unknown-destination"),
            (new { destination = "store", prefix = "../up" }, "bad-prefix") })
        {
            var refused = await client.PostAsJsonAsync(
                "/api/v1/exports", new { selection = new { query = "large" }, options = new { checksums = true }, deliver = choice });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Equal(code, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        Assert.Equal(1, (await client.GetFromJsonAsync<JsonElement>("/api/v1/exports")).GetProperty("total").GetInt32());
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await client.PostAsJsonAsync("/api/v1/exports/aaaaaaaaaaaa/deliveries", new { destination = "store" })).StatusCode);
    }

    [SwiftFact]
    public async Task A_link_gives_one_object_to_whoever_has_it_and_does_not_stand_in_the_audit()
    {
        App.AddVideo("视频.mp4", 100_000);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });
        var id = (await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "store" }))).Id();

        var link =
            await (await client.PostAsJsonAsync($"/api/v1/deliveries/{id}/links",
            new { number = 0, seconds = 600 })).Content.ReadFromJsonAsync<JsonElement>();

        using var anyone = new HttpClient();
        var content = await anyone.GetByteArrayAsync(link.GetProperty("url").GetString());
        Assert.Equal(export.GetProperty("archiveSha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(content)));
        foreach (var seconds in new[] { 59, 604_801 })
        {
            Assert.Equal(
                HttpStatusCode.BadRequest, (await client.PostAsJsonAsync($"/api/v1/deliveries/{id}/links", new { seconds })).StatusCode);
        }

        Assert.Equal(
            HttpStatusCode.NotFound, (await client.PostAsJsonAsync($"/api/v1/deliveries/{id}/links", new { number = 7 })).StatusCode);
        Assert.Contains("delivery-link", await client.ActionsAsync());
        Assert.DoesNotContain("Signature", await client.GetStringAsync("/api/v1/audit"), StringComparison.Ordinal);
    }

    [SwiftFact]
    public async Task Videos_that_changed_since_they_were_packed_are_not_sent()
    {
        App.AddVideo("a.mp4", 100_000);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });
        App.AddVideo("a.mp4", 100_001, seed: 2);

        var delivery = await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "store", what = "videos" }));

        Assert.Equal("failed", delivery.State());
        Assert.Equal("videos-changed", delivery.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("a.mp4", delivery.GetProperty("error").GetProperty("files")[0].GetProperty("path").GetString());
        Assert.Empty(await Bucket.KeysAsync());
    }
}
