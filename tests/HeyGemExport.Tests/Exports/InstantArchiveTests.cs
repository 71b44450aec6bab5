using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using HeyGemExport.Exports;
using HeyGemExport.Tests.Archives;
using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.Exports;

/// <summary>Archives that are read from the videos while they are downloaded.</summary>
public sealed class InstantArchiveTests : InstantTest
{
    [LinuxFact]
    public async Task It_is_ready_at_once_with_its_exact_length_and_without_temp_space()
    {
        var clips = await AddKnownAsync(("批次/课程 01.mp4", 300_000), ("b.mp4", 70_000), ("c/d.mov", 100_000));
        using var client = App.CreateClient();

        var response = await App.PostExportAsync(client, new { all = true }, Instant());
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
        Assert.Empty(App.TempFiles);
        await File.WriteAllBytesAsync(App.Folder["got.zip"], archive);
        await ZipReaders.AssertAllAcceptAsync(App.Folder["got.zip"], ["批次/课程 01.mp4", "b.mp4", "c/d.mov"]);
    }

    [LinuxFact]
    public async Task Names_and_times_are_those_of_a_packed_archive()
    {
        await AddKnownAsync(("批次/课程 01.mp4", 300_000), ("b.mp4", 70_000));
        using var client = App.CreateClient();
        var instant = await DownloadAsync(client, await RequestAsync(client, new { all = true }, Instant()));
        var packed = await DownloadAsync(client, (await App.ExportAsync(client, new { all = true })).Id());

        Assert.Equal(Times(packed), Times(instant));
        Assert.Equal(packed.Length, instant.Length);
    }

    [LinuxFact]
    public async Task Ranges_and_conditions_are_as_for_a_packed_archive()
    {
        await AddKnownAsync(("a.mp4", 300_000), ("b.mp4", 70_000));
        using var client = App.CreateClient();
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
        using (var client = App.CreateClient())
        {
            var id = await RequestAsync(client, new { all = true }, Instant(new { metadataCsv = true, checksums = true }));
            url = $"/exports/{id}/download";
            var response = await client.GetAsync(url);
            (before, tag) = (await response.Content.ReadAsByteArrayAsync(), response.Headers.ETag);
        }

        await App.DisposeAsync();
        await using var next = await ServerProcess.StartByAsync(["env", "TZ=America/New_York"], App.Folder);
        var again = await next.Client.GetAsync(url);

        Assert.Equal(before, await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(tag, again.Headers.ETag);
    }

    [LinuxFact]
    public async Task What_is_not_known_yet_is_refused_and_named()
    {
        App.AddVideo("old.mp4");
        await AddKnownAsync(("a.mp4", 70_000));
        using var client = App.CreateClient();

        var refused = await App.PostExportAsync(client, new { paths = new[] { "a.mp4", "old.mp4" } }, Instant());

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("not-instant", problem.GetProperty("code").GetString());
        Assert.Equal("old.mp4", Assert.Single(problem.GetProperty("files").EnumerateArray()).GetProperty("path").GetString());
    }

    [LinuxFact]
    public async Task What_is_to_be_compressed_is_refused()
    {
        await AddKnownAsync(("a.mp4", 70_000));
        using var client = App.CreateClient();

        var refused = await App.PostExportAsync(client, new { all = true }, Instant(new { compression = "deflate" }));

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [LinuxFact]
    public async Task The_preview_says_whether_it_is_possible()
    {
        await AddKnownAsync(("a.mp4", 70_000));
        using var client = App.CreateClient();

        Assert.True(await CanAsync(new { }));
        Assert.False(await CanAsync(new { compression = "deflate" }));
        App.AddVideo("old.mp4");
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
        using var client = App.CreateClient();
        var first = await RequestAsync(client, new { all = true }, Instant());

        Assert.Equal(first, await RequestAsync(client, new { paths = new[] { "a.mp4", "b.mp4" } }, Instant()));

        var packed = (await App.ExportAsync(client, new { all = true })).Id();
        Assert.NotEqual(first, packed);
        Assert.Equal(packed, await RequestAsync(client, new { all = true }, Instant()));
    }

    [LinuxFact]
    public async Task A_set_in_parts_holds_everything_once()
    {
        var clips = await AddKnownAsync(("a.mp4", 100_000), ("b.mp4", 100_000), ("c.mp4", 100_000));
        using var client = App.CreateClient();
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
        using var client = App.CreateClient();
        var id = await RequestAsync(client, new { all = true }, Instant(new { checksums = true }));

        var export = await ExportApp.EndOfAsync(client, id);

        var archive = await DownloadAsync(client, id);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(archive)), export.GetProperty("archiveSha256").GetString());
    }

    [LinuxFact]
    public async Task It_can_be_packed_first()
    {
        await AddKnownAsync(("a.mp4", 100_000));
        using var client = App.CreateClient();
        var id = await RequestAsync(client, new { all = true }, Instant());
        App.AddVideo("later.mp4");

        var packed = await App.Get<ExportRequests>().PackFirstAsync(
            id, new HeyGemExport.Accounts.Caller("anonymous", "127.0.0.1"), CancellationToken.None);

        var export = await ExportApp.EndOfAsync(client, packed!.Recorded!.Id);
        Assert.Equal("packed", export.GetProperty("delivery").GetString());
        Assert.Equal(1, export.GetProperty("fileCount").GetInt32());
        Assert.Single(App.TempFiles);
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
}
