using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using HeyGemExport.Api;
using HeyGemExport.Data;
using HeyGemExport.FileSystem;
using HeyGemExport.Localization;

namespace HeyGemExport.Audit;

internal sealed partial class AuditTrail(Database database, LogFolder logs, TimeProvider time, ILogger<AuditTrail> log)
{
    // The casts tell PostgreSQL the type of a null.
    private const string Matching = """
        FROM audit
        WHERE (CAST(@From AS BIGINT) IS NULL OR at >= @From) AND (CAST(@To AS BIGINT) IS NULL OR at < @To)
            AND (@Action IS NULL OR action = @Action)
        """;

    private const string Rows = $"""
        SELECT at, action, who, from_address AS "from", export_id, file_count, bytes, outcome, detail
        {Matching}
        ORDER BY at DESC, id DESC
        """;

    private readonly RollingTextFile lines = logs.Open("audit.jsonl");
    private readonly string source = RandomNumberGenerator.GetHexString(8, lowercase: true);

    private long recorded;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>It has already happened: a database error is logged and does not undo it; the JSON lines keep the record.</summary>
    public async Task RecordAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        record = record.Bounded();
        lines.WriteLine(UnsafeText.EscapeInJson(JsonSerializer.Serialize(record, ApiJson.Options)));
        try
        {
            await database.ExecuteAsync(
                """
                INSERT INTO audit (id, at, action, who, from_address, export_id, file_count, bytes, outcome, detail)
                VALUES (@Id, @At, @Action, @Who, @From, @ExportId, @FileCount, @Bytes, @Outcome, @Detail)
                """,
                new
                {
                    Id = NewId(), record.At, record.Action, record.Who, record.From,
                    record.ExportId, record.FileCount, record.Bytes, record.Outcome, record.Detail,
                },
                cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotRecorded(log, record.Action, record.ExportId, exception);
        }
    }

    public async Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var total = await database.FirstAsync<int>("SELECT COUNT(*) " + Matching, query, cancellationToken);
        var items = await database.QueryAsync<AuditRecord>(
            Rows + " LIMIT @PageSize OFFSET @Offset",
            new { query.From, query.To, query.Action, query.PageSize, Offset = (long)(query.Page - 1) * query.PageSize },
            cancellationToken);
        return new AuditPage(items, total, query.Page, query.PageSize);
    }

    public async IAsyncEnumerable<AuditRecord> StreamAsync(AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await foreach (var record in connection.QueryUnbufferedAsync<AuditRecord>(Rows, query).WithCancellation(cancellationToken))
        {
            yield return record;
        }
    }

    /// <summary>Increases with every record of this process, so that records of the same millisecond keep their order.</summary>
    private string NewId() => string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref recorded):x16}{source}");

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "操作记录未能写入数据库: {Action}, 打包任务 {ExportId}；audit.jsonl 中已有该记录")]
        public static partial void NotRecorded(ILogger logger, string action, string? exportId, Exception exception);
    }
}

/// <summary>One line of the audit trail. <c>Who</c> and <c>From</c> are those of a caller; <c>Bytes</c> of a download are those actually
/// sent, and null when a proxy sends them; <c>Outcome</c> is <c>ok</c>, <c>failed</c>, <c>cancelled</c>, <c>partial</c>,
/// <c>complete</c> or <c>handed-over</c>.</summary>
internal sealed record AuditRecord(
    DateTimeOffset At, string Action, string Who, string From,
    string? ExportId = null, int? FileCount = null, long? Bytes = null, string Outcome = "ok", string? Detail = null)
{
    /// <summary>What callers can make long: far more than a name, an address or a sentence needs.</summary>
    private const int MaxText = 256;

    private const int MaxDetail = 2000;

    /// <summary>Cut, with a mark, to a length that no caller exceeds: the trail keeps its time whatever they send.</summary>
    public AuditRecord Bounded() => this with
    {
        Who = Cut(Who, MaxText),
        From = Cut(From, MaxText),
        ExportId = ExportId is null ? null : Cut(ExportId, MaxText),
        Detail = Detail is null ? null : Cut(Detail, MaxDetail),
    };

    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var kept = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, kept)}… (+{text.Length - kept})");
    }

    // For Dapper, which then sets the properties.
    private AuditRecord()
        : this(default, "", "", "")
    {
    }
}

/// <summary>From <c>From</c> and before <c>To</c>; pages from 1, of 1 to 1000 lines.</summary>
internal sealed record AuditQuery(
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? Action = null, int Page = 1, int PageSize = 100);

internal sealed record AuditPage(IReadOnlyList<AuditRecord> Items, int Total, int Page, int PageSize);
