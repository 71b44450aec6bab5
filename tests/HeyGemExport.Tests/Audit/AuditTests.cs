using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Audit;
using HeyGemExport.Tests.Pages;

namespace HeyGemExport.Tests.Audit;

public sealed class AuditTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ExportApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task An_export_and_its_download_leave_one_record_each_step_with_who_where_and_how_much()
    {
        app.AddVideo("批次/a.mp4", 100_000);
        using var client = app.CreateClient();
        var export = await app.ExportAsync(client, new { all = true });
        await app.ExportAsync(client, new { all = true });
        var archive = (await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString())).LongLength;

        var records = await RecordsAsync(client, AuditActions.DownloadFinished);

        Assert.Equal(
            [
                (AuditActions.ExportRequested, "anonymous", "127.0.0.1", 100_000L, "ok"),
                (AuditActions.ExportStarted, "system", "-", 100_000L, "ok"),
                (AuditActions.ExportReady, "system", "-", archive, "ok"),
                (AuditActions.ArchiveSummed, "system", "-", archive, "ok"),
                (AuditActions.ExportJoined, "anonymous", "127.0.0.1", 100_000L, "ok"),
                (AuditActions.DownloadStarted, "anonymous", "127.0.0.1", archive, "ok"),
                (AuditActions.DownloadFinished, "anonymous", "127.0.0.1", archive, "complete"),
            ],
            records.Reverse().Select(record => (record.Action, record.Who, record.From, record.Bytes!.Value, record.Outcome)));
        Assert.All(records, record => Assert.Equal((export.GetProperty("id").GetString(), 1), (record.ExportId, record.FileCount)));
    }

    [Fact]
    public async Task A_download_in_two_ranges_is_recorded_with_the_bytes_really_sent_and_one_id()
    {
        app.AddVideo("a.mp4", 100_000);
        using var client = app.CreateClient();
        var url = (await app.ExportAsync(client, new { all = true })).GetProperty("downloadUrl").GetString()!;

        await GetRangeAsync(client, url, 0, 9_999);
        await RecordsAsync(client, AuditActions.DownloadFinished);
        await GetRangeAsync(client, url, 10_000, null);
        var finished = await Eventually.FindAsync(async () =>
            await client.AuditRecordsAsync("?action=download-finished") is { Count: 2 } both ? both : null);

        Assert.Equal(("complete", "partial"), (finished[0].Outcome, finished[1].Outcome));
        Assert.Equal(10_000, finished[1].Bytes);
        Assert.Single(finished.Select(record => record.Detail!.Split("download ")[1].Split(';')[0]).Distinct());
    }

    [Fact]
    public async Task A_cancellation_is_recorded_with_the_person_who_did_it()
    {
        await using var held = new HeldApp(app.Folder);
        held.AddVideo("a.mp4");
        using var client = held.CreateClient();
        var id = (await (await held.PostExportAsync(client, new { all = true })).Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("id")
            .GetString();

        await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null);

        var record = Assert.Single(await client.AuditRecordsAsync("?action=export-cancelled"));
        Assert.Equal((id, "anonymous", "127.0.0.1", "cancelled"), (record.ExportId, record.Who, record.From, record.Outcome));
    }

    [Fact]
    public async Task The_lines_in_the_file_are_the_records_in_the_database()
    {
        app.AddVideo("批次/a.mp4");
        using var client = app.CreateClient();
        var url = (await app.ExportAsync(client, new { all = true })).GetProperty("downloadUrl").GetString();
        await client.GetByteArrayAsync(url);
        await app.Get<AuditTrail>().RecordAsync(
            new AuditRecord(Noon, "export-failed", "王老师", "192.0.2.7", "x", 2, null, "failed", "第一行\n\"第二行\""), default);
        var records = await RecordsAsync(client, AuditActions.DownloadFinished);

        var lines = await File.ReadAllLinesAsync(Path.Combine(app.Logs, "audit.jsonl"));

        Assert.Contains(lines, line => line.Contains("王老师", StringComparison.Ordinal));
        var written = lines.Select(line => JsonSerializer.Deserialize<AuditRecord>(line, JsonSerializerOptions.Web)!);
        Assert.Equal(
            records.Select(ToTheMillisecond).OrderBy(Text, StringComparer.Ordinal),
            written.Select(ToTheMillisecond).OrderBy(Text, StringComparer.Ordinal));

        static string Text(AuditRecord record) => record.ToString();
    }

    [Fact]
    public async Task Records_of_the_same_millisecond_keep_their_order()
    {
        using var client = app.CreateClient();
        for (var index = 0; index < 60; index++)
        {
            await app.Get<AuditTrail>().RecordAsync(new AuditRecord(Noon, "export-ready", "system", "-", FileCount: index), default);
        }

        var records = await client.AuditRecordsAsync("?pageSize=1000");

        Assert.Equal(Enumerable.Range(0, 60).Reverse(), records.Select(record => record.FileCount!.Value));
    }

    [Theory]
    [InlineData("en", "the archives together were over their cap")]
    [InlineData("zh-CN", "压缩包总量超出上限")]
    public async Task The_page_says_in_words_what_is_recorded_as_a_code(string language, string text)
    {
        using var visitor = await PageVisitor.OfAsync(app, language);
        foreach (var detail in new[] { "size-cap", "size-cap; and more", "<b>" })
        {
            await app.Get<AuditTrail>().RecordAsync(
                new AuditRecord(Noon, AuditActions.ExportExpired, "system", "-", Detail: detail), CancellationToken.None);
        }

        var page = await visitor.OpenAsync("/audit");

        Assert.Equal(
            ["<b>", "size-cap; and more", text],
            page.QuerySelectorAll(".audit-detail").Select(cell => cell.TextContent).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_page_shows_the_newest_first_and_escapes_what_it_shows()
    {
        using var client = app.CreateClient();
        await app.Get<AuditTrail>().RecordAsync(
            new AuditRecord(Noon, "export-failed", "first", "-", Detail: "<img src=x onerror=alert(1)>"), default);
        await app.Get<AuditTrail>().RecordAsync(new AuditRecord(Noon.AddHours(1), "export-failed", "second", "-"), default);

        var html = await client.GetStringAsync("/audit");

        Assert.True(html.IndexOf("second", StringComparison.Ordinal) < html.IndexOf("first", StringComparison.Ordinal));
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x", html, StringComparison.Ordinal);
    }

    private static AuditRecord ToTheMillisecond(AuditRecord record) =>
        record with { At = DateTimeOffset.FromUnixTimeMilliseconds(record.At.ToUnixTimeMilliseconds()) };

    private static async Task GetRangeAsync(HttpClient client, string url, long from, long? to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new(from, to);
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>All records, once one of that action is among them: the last of a download is written after its last byte.</summary>
    private static Task<IReadOnlyList<AuditRecord>> RecordsAsync(HttpClient client, string action) => Eventually.FindAsync(async () =>
        await client.AuditRecordsAsync("") is var records && records.Any(record => record.Action == action) ? records : null);
}
