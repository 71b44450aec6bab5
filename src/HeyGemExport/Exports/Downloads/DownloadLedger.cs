using System.Security.Cryptography;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Data;

namespace HeyGemExport.Exports.Downloads;

/// <summary>One person's download of one archive, through all its requests. Each byte sent is counted once.</summary>
internal sealed record Download(string Id, ByteRanges Sent, bool Complete)
{
    public long SentBytes => Sent.Total;
}

/// <summary>What somebody downloads: an archive, or a single file of it.</summary>
internal sealed record Requested(Export Export, ArchivePart Part, Caller Caller)
{
    public SingleFile? File { get; init; }

    /// <summary>Learns the length of the archive or the file, and what of it was sent.</summary>
    public Func<long, SentBytes, Task>? OnSent { get; init; }
}

/// <param name="Name">In the archive.</param>
/// <param name="Offset">Where in the archive it begins; null where it is deflated: what is sent is then no part of the archive.</param>
internal sealed record SingleFile(string Name, long Bytes, long? Offset);

/// <summary>What has been sent of each archive, and to whom: a download that is resumed, or split over connections, is one.</summary>
internal sealed class DownloadLedger(Database database, TimeProvider time) : IDisposable
{
    private const string IsOne = "export_id = @ExportId AND part = @Part AND who = @Who AND from_address = @Device";

    // Several connections of one download end at the same time; each must see what the one before wrote.
    private readonly SemaphoreSlim turn = new(1, 1);

    public Task<Download> BeginAsync(Export export, ArchivePart part, Caller caller, CancellationToken cancellationToken) =>
        AddAsync(export, part, caller, from: 0, sent: 0, cancellationToken);

    public async Task<Download> AddAsync(
        Export export, ArchivePart part, Caller caller, long from, long sent, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await database.InTransactionAsync(session => AddAsync(session, export, part, caller, from, sent), cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<bool> IsCompleteAsync(string exportId, int part, Caller caller, CancellationToken cancellationToken) =>
        await database.FirstAsync<long>(
            $"SELECT COUNT(*) FROM downloads WHERE {IsOne} AND complete = 1",
            new { ExportId = exportId, Part = part, caller.Who, caller.Device },
            cancellationToken) > 0;

    /// <summary>Exports with a download that broke off after a time and has not been completed since.</summary>
    public async Task<IReadOnlySet<string>> InterruptedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        const string Sql = "SELECT DISTINCT export_id FROM downloads WHERE complete = 0 AND last_at >= @since";
        return (await database.QueryAsync<string>(Sql, new { since }, cancellationToken)).ToHashSet(StringComparer.Ordinal);
    }

    public void Dispose() => turn.Dispose();

    private async Task<Download> AddAsync(DatabaseSession session, Export export, ArchivePart part, Caller caller, long from, long sent)
    {
        var key = new
        {
            NewId = RandomNumberGenerator.GetHexString(16, lowercase: true),
            ExportId = export.Id,
            Part = part.Number,
            caller.Who,
            caller.Device,
            Now = time.GetUtcNow(),
        };

        // Updating the row, even without a change, locks it against other nodes until what they sent and this are added up.
        await session.ExecuteAsync(
            """
            INSERT INTO downloads (id, export_id, part, who, from_address, started_at, last_at)
            VALUES (@NewId, @ExportId, @Part, @Who, @Device, @Now, @Now)
            ON CONFLICT (export_id, part, who, from_address) DO UPDATE SET last_at = @Now
            """,
            key);
        var (id, json) = await session.FirstAsync<(string Id, string Ranges)>(
            $"SELECT id, ranges_json FROM downloads WHERE {IsOne}", key);

        var ranges = ByteRanges.FromPairs(ExportJson.Read<long[][]>(json)).Add(from, sent);
        var complete = ranges.Total >= part.Bytes;
        await session.ExecuteAsync(
            "UPDATE downloads SET bytes_sent = bytes_sent + @sent, ranges_json = @Ranges, complete = @Complete WHERE id = @id",
            new { id, sent, Ranges = ExportJson.Write(ranges.ToPairs()), Complete = complete ? 1L : 0L });
        return new Download(id, ranges, complete);
    }
}

/// <param name="From">The first requested byte of the archive or the file.</param>
/// <param name="HandedOver">They were left to the proxy to send; how many of them arrived is not known.</param>
internal sealed record SentBytes(long From, long Count, int Status, bool HandedOver = false);

/// <summary>Records requests for archives and their files: in the ledger, in the audit trail, and as a use that renews the archive's time
/// to live. The database being unavailable does not stop a download.</summary>
internal sealed partial class DownloadRecorder(
    ExportTransitions transitions,
    DownloadLedger ledger,
    AuditTrail audit,
    ExportMetrics metrics,
    ILogger<DownloadRecorder> log)
{
    /// <returns>The download that the request belongs to; null if it could not be recorded.</returns>
    public async Task<Download?> BeginAsync(Requested requested, CancellationToken cancellationToken)
    {
        var (export, part, caller) = requested;
        metrics.DownloadStarted();
        try
        {
            await transitions.TouchAsync(export.Id, cancellationToken);
            var download = await ledger.BeginAsync(export, part, caller, cancellationToken);
            var (files, bytes, what) = requested.File is { } file
                ? (1, file.Bytes, $"file {file.Name}")
                : (part.FileCount, part.Bytes, part.Name);
            var detail = $"download {download.Id}; {what}";
            await audit.RecordAsync(AuditActions.DownloadStarted, caller, cancellationToken, export.Id, files, bytes, detail: detail);
            return download;
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotRecorded(log, export.Id, exception.Message);
            return null;
        }
    }

    public async Task EndAsync(Requested requested, Download? download, SentBytes sent)
    {
        var (export, part, caller) = requested;
        var (from, count) = requested.File switch
        {
            _ when sent.HandedOver => (sent.From, 0),
            null => (sent.From, sent.Count),
            { Offset: { } offset } => (offset + sent.From, sent.Count),
            _ => (0, 0),
        };
        try
        {
            await transitions.TouchAsync(export.Id, CancellationToken.None);
            download = await ledger.AddAsync(export, part, caller, from, count, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotRecorded(log, export.Id, exception.Message);
        }

        var outcome = sent.HandedOver ? "handed-over" : IsComplete(requested.File, download, sent) ? "complete" : "partial";
        long? bytes = sent.HandedOver ? null : sent.Count;
        metrics.DownloadFinished(bytes ?? 0, outcome);
        await audit.RecordAsync(
            AuditActions.DownloadFinished, caller, CancellationToken.None, export.Id, requested.File is null ? part.FileCount : 1, bytes,
            outcome, Describe(requested.File, download, sent));
        if (requested.OnSent is { } onSent)
        {
            await onSent(requested.File?.Bytes ?? part.Bytes, sent);
        }
    }

    private static bool IsComplete(SingleFile? file, Download? download, SentBytes sent) => file switch
    {
        null => download is { Complete: true },
        { Offset: { } offset } => download?.Sent.Hold(offset, file.Bytes) == true,
        _ => sent.Count == file.Bytes,
    };

    private static string Describe(SingleFile? file, Download? download, SentBytes sent)
    {
        var name = file is null ? "" : $"file {file.Name}; ";
        var handedOver = sent.HandedOver ? " handed over to the proxy" : "";
        var range = sent.Count > 0 ? $"bytes {sent.From}-{sent.From + sent.Count - 1}{handedOver}; " : "";
        return $"{name}{range}download {download?.Id ?? "?"}; status {sent.Status}; "
            + $"{download?.SentBytes ?? 0} bytes of the archive sent so far";
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "打包任务 {ExportId} 的下载未能记录：{Reason}")]
        public static partial void NotRecorded(ILogger logger, string exportId, string reason);
    }
}
