using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HeyGemExport.Audit;

namespace HeyGemExport.Tests.Exports.Downloads;

public sealed class DownloadTests : IAsyncLifetime
{
    private readonly ExportApp app = new();
    private HttpClient client = null!;
    private JsonElement export;
    private byte[] archive = [];
    private string url = "";

    public async Task InitializeAsync()
    {
        app.AddVideo("a.mp4", 3_000_000);
        client = app.CreateClient();
        export = await app.ExportAsync(client, new { all = true });
        url = export.GetProperty("downloadUrl").GetString()!;
        archive = await File.ReadAllBytesAsync(Assert.Single(app.TempFiles));
    }

    public Task DisposeAsync()
    {
        client.Dispose();
        app.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Sends_the_archive_with_its_exact_length_name_and_strong_tag()
    {
        var response = await client.GetAsync(url);

        Assert.Equal(archive, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/zip", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(archive.Length, response.Content.Headers.ContentLength);
        Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
        Assert.False(response.Headers.ETag!.IsWeak);
        Assert.Equal(response.Headers.ETag, (await GetAsync("bytes=5-9")).Headers.ETag);
        Assert.NotNull(response.Content.Headers.LastModified);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(export.GetProperty("archiveName").GetString(), response.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(archive))}:", response.Headers.GetValues("Repr-Digest").Single());
    }

    [Fact]
    public async Task Answers_HEAD_as_GET_without_the_bytes()
    {
        var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(archive.Length, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.DoesNotContain(await AuditAsync(), record => record.Action.StartsWith("download", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resumes_from_a_byte_offset()
    {
        var response = await GetAsync("bytes=1000-");

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(archive[1000..], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes 1000-{archive.Length - 1}/{archive.Length}", response.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task Resumes_only_what_it_began_when_asked_to_make_sure()
    {
        var tag = (await client.GetAsync(url)).Headers.ETag!;
        var same = await GetAsync("bytes=1000-", request => request.Headers.IfRange = new RangeConditionHeaderValue(tag));
        var other = await GetAsync("bytes=1000-", request => request.Headers.IfRange = new RangeConditionHeaderValue("\"another\""));

        Assert.Equal(HttpStatusCode.PartialContent, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(archive, await other.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Says_that_nothing_has_changed_to_a_client_that_has_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.IfNoneMatch.Add((await client.GetAsync(url)).Headers.ETag!);

        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Ignores_a_range_in_another_unit()
    {
        var response = await GetAsync("items=0-9");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(archive, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=-0")]
    [InlineData("bytes=999999999-")]
    public async Task Refuses_a_range_that_is_not_there(string range) =>
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await GetAsync(range)).StatusCode);

    [Fact]
    public async Task Does_bounded_work_for_a_hostile_range_header()
    {
        var many = "bytes="
            + string.Join(',', Enumerable.Range(0, 2500).Select(index => string.Create(CultureInfo.InvariantCulture, $"{index}-{index}")));
        foreach (var range in new[] { many, "bytes=0-,0-,0-,0-", "bytes=5-1", "bytes=a-b", "lines=1-2", "bytes=99999999999999999999-" })
        {
            var response = await GetAsync(range);
            Assert.True(
                response.StatusCode
                    is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable,
                range);
            Assert.True((await response.Content.ReadAsByteArrayAsync()).Length <= archive.Length);
        }
    }

    [Fact]
    public async Task Audits_the_bytes_really_sent_and_ties_resumed_requests_together()
    {
        var half = archive.Length / 2;
        await (await GetAsync(string.Create(CultureInfo.InvariantCulture, $"bytes=0-{half - 1}"))).Content.ReadAsByteArrayAsync();
        await (await GetAsync(string.Create(CultureInfo.InvariantCulture, $"bytes={half}-"))).Content.ReadAsByteArrayAsync();

        var finished = await Eventually.FindAsync(async () =>
            (await AuditAsync()).Where(record => record.Action == AuditActions.DownloadFinished).OrderBy(record => record.At)
                .ToList() is { Count: 2 } both ? both : null);

        Assert.Equal([half, archive.Length - half], finished.Select(record => record.Bytes!.Value));
        Assert.Equal(["partial", "complete"], finished.Select(record => record.Outcome));
        Assert.Single(finished.Select(record => record.Detail!.Split("download ")[1].Split(';')[0]).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Audits_a_download_that_broke_off_with_less_than_the_whole()
    {
        app.AddVideo("large.mp4", 60_000_000, seed: 9);
        var large = await app.ExportAsync(client, new { paths = new[] { "large.mp4" } });
        using (var response = await client.GetAsync(large.GetProperty("downloadUrl").GetString(), HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[1_000_000]);
        }

        var record = await FinishedAsync(large.GetProperty("id").GetString()!);

        // Nothing is counted of the chunk during which the client disconnects: 64 KiB at the beginning of a download.
        Assert.Equal("partial", record.Outcome);
        Assert.InRange(record.Bytes!.Value, 1_000_000 - 65_536, large.GetProperty("archiveBytes").GetInt64() - 1);
    }

    [Fact]
    public async Task Audits_a_connection_that_was_reset_with_what_it_had_taken()
    {
        app.AddVideo("large.mp4", 60_000_000, seed: 9);
        var large = await app.ExportAsync(client, new { paths = new[] { "large.mp4" } });
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(enable: true, seconds: 0) })
        {
            await socket.ConnectAsync(IPAddress.Loopback, client.BaseAddress!.Port);
            await socket.SendAsync(
                Encoding.ASCII.GetBytes($"GET {large.GetProperty("downloadUrl").GetString()} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
            Assert.NotEqual(0, await socket.ReceiveAsync(new byte[100_000]));
        }

        var record = await FinishedAsync(large.Id());

        Assert.Equal("partial", record.Outcome);
        Assert.InRange(record.Bytes!.Value, 1, large.GetProperty("archiveBytes").GetInt64() - 1);
    }

    [Fact]
    public async Task Says_gone_once_the_archive_has_been_removed()
    {
        File.Delete(app.TempFiles.Single());

        var response = await client.GetAsync(url);

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Equal("expired", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    private async Task<HttpResponseMessage> GetAsync(string range, Action<HttpRequestMessage>? more = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Range", range);
        more?.Invoke(request);
        return await client.SendAsync(request);
    }

    private async Task<IReadOnlyList<AuditRecord>> AuditAsync() =>
        (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(PageSize: 1000), CancellationToken.None)).Items;

    private async Task<AuditRecord> FinishedAsync(string exportId) => await Eventually.FindAsync(
        async () => (await AuditAsync())
            .FirstOrDefault(record => record.Action == AuditActions.DownloadFinished && record.ExportId == exportId));
}
