using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
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
            await QueryAsync(client, "?action=download-finished") is { Count: 2 } both ? both : null);

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

        var record = Assert.Single(await QueryAsync(client, "?action=export-cancelled"));
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

        var records = await QueryAsync(client, "?pageSize=1000");

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
    public async Task Pages_and_filters_narrow_what_is_answered_newest_first()
    {
        using var client = app.CreateClient();
        for (var hour = 0; hour < 5; hour++)
        {
            await app.Get<AuditTrail>().RecordAsync(
                new AuditRecord(Noon.AddHours(hour), hour % 2 == 0 ? "export-ready" : "export-failed", "system", "-",
                    FileCount: hour), default);
        }

        await AssertHoursAsync("", 4, 3, 2, 1, 0);
        await AssertHoursAsync("?action=export-ready", 4, 2, 0);
        await AssertHoursAsync("?from=2026-03-01T14:00:00Z&to=2026-03-01T16:00:00Z", 3, 2);
        await AssertHoursAsync("?from=2026-03-01T14:00:00Z&to=2026-03-01T16:00:00Z&action=export-failed", 3);
        await AssertHoursAsync("?from=2026-03-02T00:00:00%2B08:00", 4);
        await AssertHoursAsync("?page=2&pageSize=2", 2, 1);
        await AssertHoursAsync("?page=2147483647");
        await AssertHoursAsync("?action=no-such-action");
        Assert.Equal(
            3,
            (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=export-ready&pageSize=1")).GetProperty("total").GetInt32());

        async Task AssertHoursAsync(string query, params int[] expected) =>
            Assert.Equal(expected, (await QueryAsync(client, query)).Select(record => record.FileCount!.Value));
    }

    [Fact]
    public async Task A_last_day_without_a_time_is_included_whole()
    {
        using var client = app.CreateClient();
        var noonHere = new DateTimeOffset(new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Local));
        await app.Get<AuditTrail>().RecordAsync(new AuditRecord(noonHere, "export-ready", "system", "-"), default);

        Assert.Single(await QueryAsync(client, "?from=2026-03-01&to=2026-03-01"));
        Assert.Empty(await QueryAsync(client, "?to=2026-02-28"));
        Assert.Empty(await QueryAsync(client, "?from=2026-03-02"));
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("to=2026-13-01")]
    [InlineData("to=9999-12-31")]
    [InlineData("from=0001-01-01")]
    [InlineData("page=0")]
    [InlineData("page=-1")]
    [InlineData("page=one")]
    [InlineData("page=99999999999")]
    [InlineData("pageSize=0")]
    [InlineData("pageSize=1001")]
    public async Task A_parameter_that_cannot_be_read_is_refused_and_one_at_the_edge_of_time_is_no_fault(string query)
    {
        using var client = app.CreateClient();
        var isEdge = query is "to=9999-12-31" or "from=0001-01-01";

        foreach (var address in new[] { "/api/v1/audit?", "/audit.csv?" })
        {
            var response = await client.GetAsync(address + query);

            Assert.True(
                isEdge
                    ? response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest
                    : response.StatusCode == HttpStatusCode.BadRequest,
                $"{address}{query}: {(int)response.StatusCode}");
            if (response.StatusCode == HttpStatusCode.BadRequest)
            {
                Assert.Equal("bad-request", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
            }
        }
    }

    [Fact]
    public async Task The_csv_opens_in_a_spreadsheet_with_chinese_intact_and_runs_no_formula()
    {
        using var client = app.CreateClient();
        var trail = app.Get<AuditTrail>();
        await trail.RecordAsync(
            new AuditRecord(Noon, "export-failed", "王老师", "192.0.2.7", Detail: "打包失败: \"甲\", 乙\n丙", Outcome: "failed"), default);
        await trail.RecordAsync(new AuditRecord(Noon.AddHours(1), "export-ready", "=cmd|' /C calc'!A0", "+1", Detail: "@SUM(A1)"), default);
        await trail.RecordAsync(new AuditRecord(Noon.AddHours(2), "export-ready", "-2+3", "\t=1", Detail: "\r=1"), default);

        using var response = await client.GetAsync("/audit.csv");
        var bytes = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Matches(@"^audit_\d{8}_\d{4}\.csv$", response.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
        var rows = Csv(Encoding.UTF8.GetString(bytes[3..]));
        Assert.Equal(["at", "action", "who", "from", "exportId", "fileCount", "bytes", "outcome", "detail"], rows[0]);
        Assert.Equal(
            [Noon.AddHours(2), Noon.AddHours(1), Noon],
            rows.Skip(1).Select(row => DateTimeOffset.Parse(row[0], CultureInfo.InvariantCulture)));
        Assert.Equal(("王老师", "打包失败: \"甲\", 乙\n丙"), (rows[3][2], rows[3][8]));
        Assert.DoesNotContain(
            rows.SelectMany(row => row), cell => cell.Length > 0 && "=+-@\t\r".Contains(cell[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_csv_has_what_the_filter_leaves()
    {
        using var client = app.CreateClient();
        await app.Get<AuditTrail>().RecordAsync(new AuditRecord(Noon, "export-ready", "system", "-"), default);
        await app.Get<AuditTrail>().RecordAsync(new AuditRecord(Noon, "export-failed", "system", "-"), default);

        var rows = Csv((await client.GetStringAsync("/audit.csv?action=export-failed&from=2026-03-01T00:00:00Z")).TrimStart('\ufeff'));

        Assert.Equal(["export-failed"], rows.Skip(1).Select(row => row[1]));
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
        await QueryAsync(client, "") is var records && records.Any(record => record.Action == action) ? records : null);

    private static async Task<IReadOnlyList<AuditRecord>> QueryAsync(HttpClient client, string query) =>
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit" + query)).GetProperty("items").Deserialize<IReadOnlyList<AuditRecord>>(
            JsonSerializerOptions.Web)!;

    /// <summary>Reads CSV as RFC 4180 has it.</summary>
    private static List<List<string>> Csv(string text)
    {
        List<List<string>> rows = [[]];
        var cell = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at], quoted)
            {
                case ('"', true) when at + 1 < text.Length && text[at + 1] == '"':
                    cell.Append(text[++at]);
                    break;
                case ('"', _):
                    quoted = !quoted;
                    break;
                case (',', false):
                    EndCell();
                    break;
                case ('\n', false):
                    EndCell();
                    rows.Add([]);
                    break;
                case ('\r', false):
                    break;
                default:
                    cell.Append(text[at]);
                    break;
            }
        }

        return [.. rows.Where(row => row.Count > 0)];

        void EndCell()
        {
            rows[^1].Add(cell.ToString());
            cell.Clear();
        }
    }
}
