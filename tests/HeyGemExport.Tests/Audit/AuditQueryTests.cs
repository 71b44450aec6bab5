using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HeyGemExport.Audit;

namespace HeyGemExport.Tests.Audit;

/// <summary>The trail by its filters, as JSON and as CSV.</summary>
public sealed class AuditQueryTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ExportApp app = new();

    public void Dispose() => app.Dispose();

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
            Assert.Equal(expected, (await client.AuditRecordsAsync(query)).Select(record => record.FileCount!.Value));
    }

    [Fact]
    public async Task A_last_day_without_a_time_is_included_whole()
    {
        using var client = app.CreateClient();
        var noonHere = new DateTimeOffset(new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Local));
        await app.Get<AuditTrail>().RecordAsync(new AuditRecord(noonHere, "export-ready", "system", "-"), default);

        Assert.Single(await client.AuditRecordsAsync("?from=2026-03-01&to=2026-03-01"));
        Assert.Empty(await client.AuditRecordsAsync("?to=2026-02-28"));
        Assert.Empty(await client.AuditRecordsAsync("?from=2026-03-02"));
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
