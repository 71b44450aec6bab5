using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using HeyGemExport.Exports;
using HeyGemExport.Library;
using HeyGemExport.Library.Fingerprints;
using HeyGemExport.Tests.Archives;
using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.Exports;

/// <summary>Archives that are read from the videos while they are downloaded.</summary>
public sealed class InstantArchiveTests : IDisposable
{
    private const int RoundsAtOnce = 40;

    private static readonly string[] Changes = ["truncated", "appended", "replaced", "deleted", "one byte, times restored"];

    private readonly TempFolder folder = new();
    private readonly ExportApp app;

    public InstantArchiveTests() => app = new ExportApp(folder);

    public void Dispose()
    {
        app.Dispose();
        folder.Dispose();
    }

    [LinuxFact]
    public async Task It_is_ready_at_once_with_its_exact_length_and_without_temp_space()
    {
        var clips = await AddKnownAsync(("批次/课程 01.mp4", 300_000), ("b.mp4", 70_000), ("c/d.mov", 100_000));
        using var client = app.CreateClient();

        var response = await app.PostExportAsync(client, new { all = true }, Instant());
        var export = await response.Content.ReadFromJsonAsync<JsonElement>();
        var download = await client.GetAsync(export.GetProperty("downloadUrl").GetString());
        var archive = await download.Content.ReadAsByteArrayAsync();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("ready", export.State());
        Assert.Equal("instant", export.GetProperty("delivery").GetString());
        Assert.Equal(archive.Length, export.GetProperty("archiveBytes").GetInt64());
        Assert.Equal(archive.Length, download.Content.Headers.ContentLength);
        Assert.False(download.Headers.ETag!.IsWeak);
        Assert.Equal(export.GetProperty("archiveName").GetString(), download.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal(clips, Entries(archive));
        Assert.Empty(app.TempFiles);
        await File.WriteAllBytesAsync(app.Folder["got.zip"], archive);
        await ZipReaders.AssertAllAcceptAsync(app.Folder["got.zip"], ["批次/课程 01.mp4", "b.mp4", "c/d.mov"]);
    }

    [LinuxFact]
    public async Task Names_and_times_are_those_of_a_packed_archive()
    {
        await AddKnownAsync(("批次/课程 01.mp4", 300_000), ("b.mp4", 70_000));
        using var client = app.CreateClient();
        var instant = await DownloadAsync(client, await RequestAsync(client, new { all = true }, Instant()));
        var packed = await DownloadAsync(client, (await app.ExportAsync(client, new { all = true })).Id());

        Assert.Equal(Times(packed), Times(instant));
        Assert.Equal(packed.Length, instant.Length);
    }

    [LinuxFact]
    public async Task Ranges_and_conditions_are_as_for_a_packed_archive()
    {
        await AddKnownAsync(("a.mp4", 300_000), ("b.mp4", 70_000));
        using var client = app.CreateClient();
        var id = await RequestAsync(client, new { all = true }, Instant(new { checksums = true }));
        var url = $"/exports/{id}/download";
        var whole = await client.GetAsync(url);
        var archive = await whole.Content.ReadAsByteArrayAsync();

        for (var from = 0; from < archive.Length; from += 9973)
        {
            var to = Math.Min(archive.Length - 1, from + 30_000);
            var part = await GetAsync(client, url, request => request.Headers.Range = new RangeHeaderValue(from, to));
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(archive[from..(to + 1)], await part.Content.ReadAsByteArrayAsync());
        }

        var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));
        Assert.Equal(archive.Length, head.Content.Headers.ContentLength);
        Assert.Equal(whole.Headers.ETag, head.Headers.ETag);
        Assert.Equal(
            HttpStatusCode.NotModified, (
            await GetAsync(client, url, request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag!))).StatusCode);
        Assert.Equal(
            HttpStatusCode.RequestedRangeNotSatisfiable,
            (await GetAsync(client, url, request => request.Headers.Range = new RangeHeaderValue(archive.Length, null))).StatusCode);
        var other = await GetAsync(client, url, request =>
        {
            request.Headers.Range = new RangeHeaderValue(5, null);
            request.Headers.IfRange = new RangeConditionHeaderValue("\"another\"");
        });
        Assert.Equal(archive, await other.Content.ReadAsByteArrayAsync());
    }

    [LinuxFact]
    public async Task Another_process_sends_the_same_bytes_under_the_same_tag()
    {
        await AddKnownAsync(("a.mp4", 300_000), ("b.mp4", 70_000));
        string url;
        byte[] before;
        EntityTagHeaderValue? tag;
        using (var client = app.CreateClient())
        {
            url = $"/exports/{await RequestAsync(client, new { all = true }, Instant(new { metadataCsv = true, checksums = true }))}/download";
            var response = await client.GetAsync(url);
            (before, tag) = (await response.Content.ReadAsByteArrayAsync(), response.Headers.ETag);
        }

        await app.DisposeAsync();
        await using var next = await ServerProcess.StartByAsync(["env", "TZ=America/New_York"], app.Folder);
        var again = await next.Client.GetAsync(url);

        Assert.Equal(before, await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(tag, again.Headers.ETag);
    }

    [LinuxFact]
    public async Task What_is_not_known_yet_is_refused_and_named()
    {
        app.AddVideo("old.mp4");
        await AddKnownAsync(("a.mp4", 70_000));
        using var client = app.CreateClient();

        var refused = await app.PostExportAsync(client, new { paths = new[] { "a.mp4", "old.mp4" } }, Instant());

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("not-instant", problem.GetProperty("code").GetString());
        Assert.Equal("old.mp4", Assert.Single(problem.GetProperty("files").EnumerateArray()).GetProperty("path").GetString());
    }

    [LinuxFact]
    public async Task What_is_to_be_compressed_is_refused()
    {
        await AddKnownAsync(("a.mp4", 70_000));
        using var client = app.CreateClient();

        var refused = await app.PostExportAsync(client, new { all = true }, Instant(new { compression = "deflate" }));

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [LinuxFact]
    public async Task The_preview_says_whether_it_is_possible()
    {
        await AddKnownAsync(("a.mp4", 70_000));
        using var client = app.CreateClient();

        Assert.True(await CanAsync(new { }));
        Assert.False(await CanAsync(new { compression = "deflate" }));
        app.AddVideo("old.mp4");
        Assert.False(await CanAsync(new { }));

        async Task<bool> CanAsync(object options)
        {
            var preview = await client.PostAsJsonAsync("/api/v1/exports/preview", new { selection = new { all = true }, options });
            return (await preview.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("canBeInstant").GetBoolean();
        }
    }

    [LinuxFact]
    public async Task An_equal_one_joins_and_a_packed_one_is_preferred()
    {
        await AddKnownAsync(("a.mp4", 70_000), ("b.mp4", 80_000));
        using var client = app.CreateClient();
        var first = await RequestAsync(client, new { all = true }, Instant());

        Assert.Equal(first, await RequestAsync(client, new { paths = new[] { "a.mp4", "b.mp4" } }, Instant()));

        var packed = (await app.ExportAsync(client, new { all = true })).Id();
        Assert.NotEqual(first, packed);
        Assert.Equal(packed, await RequestAsync(client, new { all = true }, Instant()));
    }

    [LinuxFact]
    public async Task A_set_in_parts_holds_everything_once()
    {
        var clips = await AddKnownAsync(("a.mp4", 100_000), ("b.mp4", 100_000), ("c.mp4", 100_000));
        using var client = app.CreateClient();
        var id = await RequestAsync(client, new { all = true }, Instant(new { maxPartBytes = 150_000 }));
        var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}");

        Dictionary<string, byte[]> found = new(StringComparer.Ordinal);
        foreach (var part in export.GetProperty("parts").EnumerateArray())
        {
            var archive = await client.GetByteArrayAsync(part.GetProperty("downloadUrl").GetString());
            Assert.Equal(part.GetProperty("bytes").GetInt64(), archive.Length);
            foreach (var (name, content) in Entries(archive).Where(entry => entry.Key.EndsWith(".mp4", StringComparison.Ordinal)))
            {
                found.Add(name, content);
            }
        }

        Assert.Equal(3, export.GetProperty("parts").GetArrayLength());
        Assert.Equal(clips, found);
    }

    [LinuxFact]
    public async Task Its_sum_is_known_after_a_while()
    {
        await AddKnownAsync(("a.mp4", 100_000));
        using var client = app.CreateClient();
        var id = await RequestAsync(client, new { all = true }, Instant(new { checksums = true }));

        var export = await ExportApp.EndOfAsync(client, id);

        var archive = await DownloadAsync(client, id);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(archive)), export.GetProperty("archiveSha256").GetString());
    }

    [LinuxTheory]
    [InlineData("truncated")]
    [InlineData("appended")]
    [InlineData("replaced")]
    [InlineData("deleted")]
    [InlineData("one byte, times restored")]
    public async Task A_video_that_changed_ends_the_export_and_is_named(string change)
    {
        await AddKnownAsync(("a.mp4", 100_000), ("b.mp4", 100_000));
        using var client = app.CreateClient();
        var id = await RequestAsync(client, new { all = true }, Instant());
        await EndOfSumAsync(client, id);
        SourceChange.Apply(Path.Combine(app.Outputs, "b.mp4"), change);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetByteArrayAsync($"/exports/{id}/download"));

        await Eventually.HoldsAsync(async () => (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).State() == "failed");
        var error = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).GetProperty("error");
        Assert.Equal(change is "deleted" ? "source-vanished" : "source-changed", error.GetProperty("code").GetString());
        Assert.Equal("b.mp4", Assert.Single(error.GetProperty("files").EnumerateArray()).GetProperty("path").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await client.GetAsync($"/exports/{id}/download")).StatusCode);
        Assert.Contains("export-failed", await client.ActionsAsync());
    }

    [LinuxFact]
    public async Task No_client_gets_a_complete_response_with_other_bytes() => await ChangeAtRandomMomentsAsync(rounds: 40);

    [OnDemandFact("HEYGEM_INSTANT_ROUNDS")]
    public async Task No_client_gets_a_complete_response_with_other_bytes_for_as_long_as_asked() => await ChangeAtRandomMomentsAsync(
        int.Parse(Environment.GetEnvironmentVariable("HEYGEM_INSTANT_ROUNDS")!, System.Globalization.CultureInfo.InvariantCulture));

    [LinuxFact]
    public async Task It_can_be_packed_first()
    {
        await AddKnownAsync(("a.mp4", 100_000));
        using var client = app.CreateClient();
        var id = await RequestAsync(client, new { all = true }, Instant());
        app.AddVideo("later.mp4");

        var packed = await app.Get<ExportService>().PackFirstAsync(
            id, new HeyGemExport.Accounts.Caller("anonymous", "127.0.0.1"), CancellationToken.None);

        var export = await ExportApp.EndOfAsync(client, packed!.Recorded!.Id);
        Assert.Equal("packed", export.GetProperty("delivery").GetString());
        Assert.Equal(1, export.GetProperty("fileCount").GetInt32());
        Assert.Single(app.TempFiles);
    }

    private static JsonObject Instant(object? more = null)
    {
        var options = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        options["delivery"] = "instant";
        return options;
    }

    private static Dictionary<string, byte[]> Entries(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return zip.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var content = new MemoryStream();
                using var stream = entry.Open();
                stream.CopyTo(content);
                return content.ToArray();
            },
            StringComparer.Ordinal);
    }

    private static List<string> Times(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return [.. zip.Entries.Select(entry => $"{entry.FullName} {entry.LastWriteTime.DateTime:s} {entry.ExternalAttributes:x}")];
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string url, Action<HttpRequestMessage> prepare)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        prepare(request);
        return await client.SendAsync(request);
    }

    private static Task<byte[]> DownloadAsync(HttpClient client, string id) => client.GetByteArrayAsync($"/exports/{id}/download");

    /// <summary>Until its sum is known, a job reads its videos, too.</summary>
    private static Task<JsonElement> EndOfSumAsync(HttpClient client, string id) => ExportApp.EndOfAsync(client, id);

    private async Task ChangeAtRandomMomentsAsync(int rounds)
    {
        using var client = app.CreateClient();
        var random = new Random(7);
        for (var first = 0; first < rounds; first += RoundsAtOnce)
        {
            string[] names = [.. Enumerable.Range(0, Math.Min(RoundsAtOnce, rounds - first) * 3).Select(index => $"{first}/{index}.mp4")];
            var clips = await AddKnownAsync([.. names.Select((name, index) => (name, 8_000_000 + index))]);
            var exports = new List<(string[] Names, string Id)>();
            foreach (var three in names.Chunk(3))
            {
                exports.Add((three, await RequestAsync(client, new { paths = three }, Instant())));
            }

            foreach (var (round, (three, id)) in exports.Index())
            {
                await EndOfSumAsync(client, id);
                var change = Changes[round % Changes.Length];
                await ChangeDuringDownloadAsync(client, id, three, clips, change, random.Next(24_000_000), random.Next(3));
            }

            Directory.Delete(Path.Combine(app.Outputs, $"{first}"), recursive: true);
        }
    }

    private async Task ChangeDuringDownloadAsync(
        HttpClient client, string id, string[] names, Dictionary<string, byte[]> clips, string change, int changeAfter, int changed)
    {
        var isChanged = false;
        using var got = new MemoryStream();
        var complete = true;
        try
        {
            using var response = await client.GetAsync($"/exports/{id}/download", HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[50_000];
            while (await body.ReadAsync(buffer) is var count && count > 0)
            {
                got.Write(buffer, 0, count);
                if (!isChanged && got.Length >= changeAfter)
                {
                    SourceChange.Apply(Path.Combine(app.Outputs, names[changed]), change);
                    isChanged = true;
                }
            }

            complete = response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            complete = false;
        }

        Assert.True(isChanged);
        if (complete)
        {
            // It was all on its way before the change.
            Assert.Equal(names.ToDictionary(name => name, name => clips[name], StringComparer.Ordinal), Entries(got.ToArray()));
        }
    }

    /// <summary>New videos, and their fingerprints.</summary>
    private async Task<Dictionary<string, byte[]>> AddKnownAsync(params (string Path, int Bytes)[] videos)
    {
        Dictionary<string, byte[]> clips = new(StringComparer.Ordinal);
        _ = app.Get<LibraryIndex>();
        foreach (var (path, bytes) in videos)
        {
            clips[path] = Clips.Mp4(bytes, bytes + clips.Count);
            app.Folder.Write(Path.Combine("outputs", path), clips[path], TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1));
        }

        await app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        await Eventually.HoldsAsync(async () =>
        {
            await app.Get<FingerprintJob>().RunAsync(CancellationToken.None);
            return (await app.Get<FingerprintStore>().FindAsync(clips.Keys, CancellationToken.None)).Count == clips.Count;
        });
        return clips;
    }

    private async Task<string> RequestAsync(HttpClient client, object selection, object options)
    {
        var response = await app.PostExportAsync(client, selection, options);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.IdAsync();
    }
}
