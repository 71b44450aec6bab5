using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.Exports;

/// <summary>What the archive says of itself, what is left out, and what counts as the same content.</summary>
public sealed class DeliveryContractTests : IDisposable
{
    private static readonly DateTime Settled = new(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc);

    private readonly HeldApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_manifest_and_checksums_name_every_file_with_the_hash_of_the_source()
    {
        var source = app.AddVideo("批次/王老师.mp4", 20_000);
        using var client = app.CreateClient();
        var export = await PackAsync(client, new { all = true }, new { checksums = true });

        await using var zip = await OpenAsync(client, export);
        var hash = Convert.ToHexStringLower(SHA256.HashData(source));
        var manifest = JsonDocument.Parse(await TextAsync(zip, "manifest.json")).RootElement;

        Assert.Equal(["批次/王老师.mp4", "manifest.json", "SHA256SUMS"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal(hash, manifest.GetProperty("files")[0].GetProperty("sha256").GetString());
        Assert.Equal(20_000, manifest.GetProperty("files")[0].GetProperty("bytes").GetInt64());
        Assert.Equal(export.GetProperty("archiveName").GetString(), manifest.GetProperty("archive").GetString());
        var lines = (await TextAsync(zip, "SHA256SUMS")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"{hash}  批次/王老师.mp4", lines[0]);
        Assert.EndsWith("  manifest.json", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_wish_for_it_the_archive_holds_the_videos_and_nothing_else()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();

        await using var zip = await OpenAsync(client, await PackAsync(client, new { all = true }));

        Assert.Equal(["a.mp4"], zip.Entries.Select(entry => entry.FullName));
    }

    [Fact]
    public async Task Parts_stay_under_the_limit_open_by_themselves_and_hold_each_file_once()
    {
        var sources = Enumerable.Range(0, 7)
            .ToDictionary(index => $"v{index}.mp4", index => app.AddVideo($"v{index}.mp4", 300_000, seed: index), StringComparer.Ordinal);
        using var client = app.CreateClient();

        var export = await PackAsync(client, new { all = true }, new { maxPartBytes = 700_000 });
        var parts = export.GetProperty("parts").EnumerateArray().ToList();

        Assert.Equal(4, parts.Count);
        Assert.Equal(JsonValueKind.Null, export.GetProperty("downloadUrl").ValueKind);
        var packed = new List<string>();
        foreach (var part in parts)
        {
            var bytes = await client.GetByteArrayAsync(part.GetProperty("downloadUrl").GetString());
            Assert.InRange(bytes.Length, 1, 700_000);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), part.GetProperty("sha256").GetString());
            Assert.Matches(@"_part0[1-4]of04\.zip$", part.GetProperty("name").GetString()!);
            await using var zip = new ZipArchive(new MemoryStream(bytes));
            var manifest = JsonDocument.Parse(await TextAsync(zip, "manifest.json")).RootElement;
            Assert.Equal(part.GetProperty("number").GetInt32(), manifest.GetProperty("part").GetInt32());
            Assert.Equal(4, manifest.GetProperty("parts").GetArrayLength());
            Assert.Equal(7, manifest.GetProperty("set").GetArrayLength());
            foreach (var entry in zip.Entries.Where(entry => sources.ContainsKey(entry.FullName)))
            {
                Assert.Equal(sources[entry.FullName], await entry.BytesAsync());
                packed.Add(entry.FullName);
            }
        }

        Assert.Equal(sources.Keys.Order(StringComparer.Ordinal), packed.Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.Conflict, (await client.GetAsync($"/exports/{export.Id()}/download")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/exports/{export.Id()}/parts/5/download")).StatusCode);
    }

    [Fact]
    public async Task A_video_that_fits_into_no_part_is_refused_before_anything_is_packed()
    {
        app.AddVideo("small.mp4", 50_000);
        app.AddVideo("large.mp4", 500_000);
        using var client = app.CreateClient();

        var response = await app.PostExportAsync(client, new { all = true }, new { maxPartBytes = 200_000 });
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("file-too-large", problem.GetProperty("code").GetString());
        Assert.Equal(["large.mp4"], problem.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task What_fails_is_left_out_and_listed_everywhere_when_the_person_chose_so()
    {
        app.AddVideo("a.mp4");
        app.AddVideo("b.mp4");
        app.AddVideo("c.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client, new { all = true }, new { leaveOutFailing = true });
        File.Delete(Path.Combine(app.Outputs, "b.mp4"));
        await app.RunAsync(id);

        var export = await ExportApp.EndOfAsync(client, id);
        await using var zip = await OpenAsync(client, export);
        var manifest = JsonDocument.Parse(await TextAsync(zip, "manifest.json")).RootElement;
        var page = await client.GetStringAsync($"/exports/{id}");
        var audit = (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=export-ready")).GetProperty("items")[0];

        Assert.Equal("ready", export.State());
        Assert.Equal(2, export.GetProperty("fileCount").GetInt32());
        Assert.Equal("b.mp4", export.GetProperty("leftOut")[0].GetProperty("path").GetString());
        Assert.Equal("vanished", manifest.GetProperty("leftOut")[0].GetProperty("reason").GetString());
        Assert.Equal(["a.mp4", "c.mp4"], manifest.GetProperty("files").EnumerateArray()
            .Select(file => file.GetProperty("name").GetString()));
        Assert.Contains("b.mp4", page, StringComparison.Ordinal);
        Assert.Contains("b.mp4 (vanished)", audit.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_all_of_it_fails_the_export_fails_whatever_was_chosen()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client, new { all = true }, new { leaveOutFailing = true });
        File.Delete(Path.Combine(app.Outputs, "a.mp4"));
        await app.RunAsync(id);

        Assert.Equal("failed", (await ExportApp.EndOfAsync(client, id)).State());
        Assert.Empty(app.TempFiles);
    }

    [Fact]
    public async Task Another_file_of_the_same_name_length_and_time_is_not_what_was_confirmed()
    {
        app.AddVideo("a.mp4", 10_000, seed: 1);
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client, new { all = true });
        var other = app.Folder.Write("other.mp4", Clips.Mp4(10_000, seed: 2), Settled);
        File.Move(other, Path.Combine(app.Outputs, "a.mp4"), overwrite: true);
        await app.RunAsync(id);

        var export = await ExportApp.EndOfAsync(client, id);

        Assert.Equal("failed", export.State());
        Assert.Equal("changed", export.GetProperty("error").GetProperty("files")[0].GetProperty("reason").GetString());
    }

    [LinuxFact]
    public async Task The_same_file_changed_in_place_with_its_length_and_time_put_back_is_not_what_was_confirmed()
    {
        app.AddVideo("a.mp4", 10_000);
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client, new { all = true });
        SourceChange.Apply(Path.Combine(app.Outputs, "a.mp4"), "one byte, times restored");
        await app.RunAsync(id);

        var export = await ExportApp.EndOfAsync(client, id);

        Assert.Equal("failed", export.State());
        Assert.Equal("source-changed", export.GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(app.TempFiles);
    }

    [Fact]
    public async Task Content_that_changed_behind_an_unchanged_length_and_time_makes_a_new_archive()
    {
        app.AddVideo("a.mp4", 10_000, seed: 1);
        using var client = app.CreateClient();
        var first = await PackAsync(client, new { all = true });
        app.AddVideo("a.mp4", 10_000, seed: 2);

        var second = await PackAsync(client, new { all = true });

        Assert.NotEqual(first.Id(), second.Id());
        Assert.NotEqual(first.GetProperty("archiveSha256").GetString(), second.GetProperty("archiveSha256").GetString());
    }

    [Fact]
    public async Task Only_what_is_new_since_the_last_whole_download_is_packed()
    {
        app.AddVideo("a.mp4");
        app.AddVideo("b.mp4");
        using var client = app.CreateClient();
        var first = await PackAsync(client, new { all = true });
        await client.GetByteArrayAsync(first.GetProperty("downloadUrl").GetString());
        await Eventually.HoldsAsync(async () => (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=download-finished"))
            .GetProperty("total").GetInt32() == 1);
        var nothing = await app.PostExportAsync(client, new { all = true, newOnly = true });

        app.AddVideo("c.mp4");
        app.AddVideo("b.mp4", 70_000, seed: 5);
        var second = await PackAsync(client, new { all = true, newOnly = true });

        Assert.Equal("nothing-new", (await nothing.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        await using var zip = await OpenAsync(client, second);
        Assert.Equal(["b.mp4", "c.mp4"], zip.Entries.Select(entry => entry.FullName));
    }

    [Fact]
    public async Task A_download_that_broke_off_does_not_count_as_downloaded()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var first = await PackAsync(client, new { all = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, first.GetProperty("downloadUrl").GetString());
        request.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(0, 99);
        await (await client.SendAsync(request)).Content.ReadAsByteArrayAsync();

        var preview =
            await (await client.PostAsJsonAsync("/api/v1/exports/preview",
            new { selection = new { all = true, newOnly = true } })).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(1, preview.GetProperty("fileCount").GetInt32());
    }

    private async Task<JsonElement> PackAsync(HttpClient client, object selection, object? options = null)
    {
        var id = await ConfirmAsync(client, selection, options);
        await app.RunAsync(id);
        return await ExportApp.EndOfAsync(client, id);
    }

    private async Task<string> ConfirmAsync(HttpClient client, object selection, object? options = null)
    {
        var response = await app.PostExportAsync(client, selection, options);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.IdAsync();
    }

    private static async Task<ZipArchive> OpenAsync(HttpClient client, JsonElement export) =>
        new(new MemoryStream(await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString())));

    private static async Task<string> TextAsync(ZipArchive zip, string name) =>
        Encoding.UTF8.GetString(await zip.GetEntry(name)!.BytesAsync());
}
