using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dapper;
using HeyGemExport.Data;

namespace HeyGemExport.Audit;

/// <summary>The audit trail, in the database and as JSON lines.</summary>
internal sealed partial class AuditTrail(Database database, AuditFile file, ILogger<AuditTrail> log)
{
    private const string Matching = """
        FROM audit
        WHERE (@From IS NULL OR at >= @From) AND (@To IS NULL OR at < @To) AND (@Action IS NULL OR action = @Action)
        """;

    private readonly string source = RandomNumberGenerator.GetHexString(8, lowercase: true);

    private long recorded;

    /// <summary>Every action that is recorded.</summary>
    public static IReadOnlyList<string> Actions { get; } =
    [
        AuditActions.ExportRequested, AuditActions.ExportJoined, AuditActions.ExportStarted, AuditActions.ExportReady,
        AuditActions.ExportFailed, AuditActions.ExportCancelled, AuditActions.ExportExpired,
        AuditActions.ExportRetried, AuditActions.ExportDeleted, AuditActions.ArchiveRemoved, AuditActions.TagsChanged,
        AuditActions.DownloadStarted, AuditActions.DownloadFinished,
        AuditActions.UploadRequested, AuditActions.UploadStarted, AuditActions.UploadReady,
        AuditActions.UploadFailed, AuditActions.UploadCancelled, AuditActions.UploadLink, AuditActions.DestinationTested,
        AuditActions.ExportLeft, AuditActions.SignInSucceeded, AuditActions.SignInFailed, AuditActions.SignInLocked, AuditActions.SignOut, AuditActions.AccessRefused,
        AuditActions.UserAdded, AuditActions.UserChanged, AuditActions.UserDisabled, AuditActions.UserEnabled,
        AuditActions.PasswordReset, AuditActions.PasswordChanged, AuditActions.KeyCreated, AuditActions.KeyRevoked,
        AuditActions.ShareCreated, AuditActions.ShareOpened, AuditActions.ShareRevoked, AuditActions.ShareRefused,
        AuditActions.NotificationDelivered, AuditActions.NotificationFailed, AuditActions.NotificationTested,
    ];

    /// <summary>
    /// Records one line. What it records has happened already, so a database that fails here is logged and does not
    /// undo it; the JSON lines keep the record.
    /// </summary>
    public async Task RecordAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        file.Write(record);
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO audit (id, at, action, who, from_address, export_id, file_count, bytes, outcome, detail)
                VALUES (@Id, @At, @Action, @Who, @From, @ExportId, @FileCount, @Bytes, @Outcome, @Detail)
                """,
                new
                {
                    Id = NewId(),
                    At = record.At.ToStored(),
                    record.Action,
                    record.Who,
                    record.From,
                    record.ExportId,
                    record.FileCount,
                    record.Bytes,
                    record.Outcome,
                    record.Detail,
                },
                cancellationToken: cancellationToken));
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or DatabaseUnavailableException)
        {
            Log.NotRecorded(log, record.Action, record.ExportId, exception);
        }
    }

    /// <summary>One page of the lines that match.</summary>
    public async Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var parameters = Parameters(query);
        parameters.Add("Limit", query.PageSize);
        parameters.Add("Offset", (long)(query.Page - 1) * query.PageSize);
        var total = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition("SELECT COUNT(*) " + Matching, parameters, cancellationToken: cancellationToken));
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT * {Matching} ORDER BY at DESC, id DESC LIMIT @Limit OFFSET @Offset", parameters, cancellationToken: cancellationToken));
        return new AuditPage([.. rows.Select(row => row.ToRecord())], (int)total, query.Page, query.PageSize);
    }

    /// <summary>All lines that match, newest first, streamed.</summary>
    public async IAsyncEnumerable<AuditRecord> StreamAsync(AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<Row>($"SELECT * {Matching} ORDER BY at DESC, id DESC", Parameters(query));
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row.ToRecord();
        }
    }

    /// <summary>Grows with every record of this host: a download that is over within its millisecond still ends after it began.</summary>
    private string NewId() => string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref recorded):x16}{source}");

    private static DynamicParameters Parameters(AuditQuery query)
    {
        // The types are said because PostgreSQL cannot guess that of a null.
        var parameters = new DynamicParameters();
        parameters.Add("From", query.From?.ToStored(), System.Data.DbType.Int64);
        parameters.Add("To", query.To?.ToStored(), System.Data.DbType.Int64);
        parameters.Add("Action", string.IsNullOrEmpty(query.Action) ? null : query.Action, System.Data.DbType.String);
        return parameters;
    }

    private sealed class Row
    {
        public long At { get; set; }

        public string Action { get; set; } = "";

        public string Who { get; set; } = "";

        public string FromAddress { get; set; } = "";

        public string? ExportId { get; set; }

        public long? FileCount { get; set; }

        public long? Bytes { get; set; }

        public string Outcome { get; set; } = "";

        public string? Detail { get; set; }

        public AuditRecord ToRecord() =>
            new(At.ToTime(), Action, Who, FromAddress, ExportId, (int?)FileCount, Bytes, Outcome, Detail);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The database did not take the audit record {Action} of export {ExportId}; audit.jsonl has it")]
        public static partial void NotRecorded(ILogger logger, string action, string? exportId, Exception exception);
    }
}
