using CsvHelper;
using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Localization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Audit;

internal static class AuditEndpoints
{
    /// <summary>ISO 8601 times, a last date alone meaning its whole day; pages from 1, of 1 to 1000 lines, 100 when absent.</summary>
    public sealed record AuditParameters(
        [FromQuery] string? From, [FromQuery] string? To, [FromQuery] string? Action,
        [FromQuery] string? Page, [FromQuery] string? PageSize);

    private static readonly AuditPage Example = new(
    [
        new AuditRecord(
            new DateTimeOffset(2025, 12, 19, 14, 31, 40, TimeSpan.FromHours(8)), AuditActions.DownloadFinished, "alice", "192.0.2.17",
            "rptwtafkf45f", FileCount: 2, Bytes: 412_346_210, "complete",
            "bytes 0-412346209; download 4f1c; status 200; 412346210 bytes of the archive sent so far"),
    ],
    1, 1, 100);

    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/audit", ListAsync).WithName("ListAudit")
            .WithExample(Example).WithTags("Audit").ProducesProblem(400)
            .RequireAuthorization(Policies.Operator);
        app.MapGet("/audit.csv", Download).ExcludeFromDescription().RequireAuthorization(Policies.Operator);
    }

    private static async Task<Results<Ok<AuditPage>, ProblemHttpResult>> ListAsync(
        AuditTrail trail, [AsParameters] AuditParameters parameters, CancellationToken cancellationToken) => Read(parameters) is { } query
        ? TypedResults.Ok(await trail.QueryAsync(query, cancellationToken))
        : ApiProblem.BadRequest("from and to are ISO 8601 times, page begins at 1, pageSize is 1 to 1000.");

    private static Results<PushStreamHttpResult, ProblemHttpResult> Download(
        AuditTrail trail, TimeProvider time, [AsParameters] AuditParameters parameters, CancellationToken cancellationToken)
    {
        if (Read(parameters) is not { } query)
        {
            return ApiProblem.BadRequest("from and to are ISO 8601 times.");
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"audit_{time.GetLocalNow():yyyyMMdd_HHmm}.csv");
        return TypedResults.Stream(body => WriteCsvAsync(trail, query, body, cancellationToken), "text/csv; charset=utf-8", name);
    }

    private static async Task WriteCsvAsync(AuditTrail trail, AuditQuery query, Stream body, CancellationToken cancellationToken)
    {
        // Before the first byte, so that a database that does not answer still shows in the status.
        await using var records = trail.StreamAsync(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var more = await records.MoveNextAsync();

        // Excel recognizes UTF-8, and with it Chinese, by the byte order mark.
        var options = new CsvWriterOptions { WriteByteOrderMark = true, Injection = CsvInjection.Escape };
        await using var csv = CsvWriter.Create(body, options, leaveOpen: true);
        csv.WriteHeader(["at", "action", "who", "from", "exportId", "fileCount", "bytes", "outcome", "detail"]);
        for (; more; more = await records.MoveNextAsync())
        {
            var record = records.Current;
            csv.WriteField(record.At.ToString("O", CultureInfo.InvariantCulture));
            foreach (var text in (string?[])[record.Action, record.Who, record.From, record.ExportId])
            {
                csv.WriteField(UnsafeText.ForSpreadsheet(text ?? ""));
            }

            csv.WriteField(record.FileCount);
            csv.WriteField(record.Bytes);
            csv.WriteField(record.Outcome);
            csv.WriteField(UnsafeText.ForSpreadsheet(record.Detail ?? ""));
            await csv.EndRecordAsync(cancellationToken);
        }
    }

    /// <summary>Null when it cannot be read.</summary>
    private static AuditQuery? Read(AuditParameters parameters) =>
        TryTime(parameters.From, wholeDay: false, out var earliest) && TryTime(parameters.To, wholeDay: true, out var latest)
        && PageNumber.TryRead(parameters.Page, 1, int.MaxValue, out var number)
        && PageNumber.TryRead(parameters.PageSize, 100, 1000, out var size)
            ? new AuditQuery(earliest, latest, string.IsNullOrEmpty(parameters.Action) ? null : parameters.Action, number, size)
            : null;

    private static bool TryTime(string? text, bool wholeDay, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var parsed)
            || parsed.Year == DateTime.MaxValue.Year)
        {
            return false;
        }

        // Somebody who names a last day means all of it.
        time = wholeDay && text.Length == "yyyy-MM-dd".Length ? parsed.AddDays(1) : parsed;
        return true;
    }
}
