using Dapper;
using HeyGemExport.Exports.Archives;
using HeyGemExport.Storage;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Exports;

/// <summary>Records of exports: how they are made and read. <see cref="ExportTransitions"/> changes their state.</summary>
public sealed class ExportStore(Database database, IOptions<ExportOptions> options)
{
    private const string Live = "('queued', 'building', 'verifying', 'ready')";

    private TimeSpan Retention => TimeSpan.FromHours(options.Value.RetentionHours);

    /// <summary>Records a queued export with its contract, unless a live one has the same content.</summary>
    /// <returns>Whether it was recorded.</returns>
    public async Task<bool> TryInsertAsync(Export export, ExportPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(export);
        ArgumentNullException.ThrowIfNull(plan);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var inserted = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO exports (id, state, content_key, selection_json, options_json, file_count, total_bytes, required_bytes,
                                 archive_name, requested_by, requested_from, created_at)
            VALUES (@Id, 'queued', @ContentKey, @SelectionJson, @OptionsJson, @FileCount, @TotalBytes, @RequiredBytes,
                    @ArchiveName, @RequestedBy, @RequestedFrom, @CreatedAt)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                export.Id,
                ContentKey = plan.ContentKey(),
                SelectionJson = ExportJson.Write(export.Selection),
                OptionsJson = ExportJson.Write(export.Options),
                export.FileCount,
                export.TotalBytes,
                plan.RequiredBytes,
                export.ArchiveName,
                export.RequestedBy,
                export.RequestedFrom,
                CreatedAt = export.CreatedAt.ToStored(),
            },
            transaction,
            cancellationToken: cancellationToken));
        if (inserted == 0)
        {
            return false;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO export_files (export_id, ordinal, path, entry_name, bytes, modified_at)
            VALUES (@Id, @Ordinal, @Path, @EntryName, @Bytes, @ModifiedAt)
            """,
            plan.Contract.Entries.Select((entry, ordinal) =>
                new { export.Id, Ordinal = ordinal, entry.Path, entry.EntryName, entry.Bytes, ModifiedAt = entry.ModifiedAt.UtcTicks }),
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The live export with that content, or null.</summary>
    public async Task<Export?> FindLiveAsync(string contentKey, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ExportRow>(new CommandDefinition(
            $"SELECT * FROM exports WHERE content_key = @contentKey AND state IN {Live}", new { contentKey }, cancellationToken: cancellationToken));
        return row?.ToExport(Retention);
    }

    /// <summary>The export, or null.</summary>
    public async Task<Export?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ExportRow>(new CommandDefinition(
            "SELECT * FROM exports WHERE id = @id", new { id }, cancellationToken: cancellationToken));
        return row?.ToExport(Retention);
    }

    /// <summary>One page, newest first.</summary>
    public async Task<ExportPage> ListAsync(int page, int pageSize, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM exports", cancellationToken: cancellationToken));
        var rows = await connection.QueryAsync<ExportRow>(new CommandDefinition(
            "SELECT * FROM exports ORDER BY created_at DESC, id DESC LIMIT @pageSize OFFSET @offset",
            new { pageSize, offset = (long)(page - 1) * pageSize },
            cancellationToken: cancellationToken));
        return new ExportPage([.. rows.Select(row => row.ToExport(Retention))], (int)total, page, pageSize);
    }

    /// <summary>The exports in a state, oldest first.</summary>
    public async Task<IReadOnlyList<Export>> InStateAsync(ExportState state, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<ExportRow>(new CommandDefinition(
            "SELECT * FROM exports WHERE state = @state ORDER BY created_at, id",
            new { state = ExportRow.Stored(state) },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToExport(Retention))];
    }

    /// <summary>The ready exports, that which was used the longest ago first.</summary>
    public async Task<IReadOnlyList<Export>> ReadyByLastUseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<ExportRow>(new CommandDefinition(
            "SELECT * FROM exports WHERE state = 'ready' ORDER BY last_used_at, created_at, id", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToExport(Retention))];
    }

    /// <summary>The contract that was frozen when the export was confirmed.</summary>
    public async Task<ArchiveContract> ReadContractAsync(Export export, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(export);
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<FileRow>(new CommandDefinition(
            "SELECT path, entry_name, bytes, modified_at FROM export_files WHERE export_id = @Id ORDER BY ordinal",
            new { export.Id },
            cancellationToken: cancellationToken));
        return new ArchiveContract(
            [.. rows.Select(row => new ContractEntry(row.Path, row.EntryName, row.Bytes, new DateTimeOffset(row.ModifiedAt, TimeSpan.Zero)))],
            export.Options.Compression,
            export.Options.Checksums);
    }

    /// <summary>Bytes of temp space promised to exports that have not begun to take it.</summary>
    public async Task<long> PromisedBytesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);

        // A build in progress has reserved its file's whole length already.
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT SUM(required_bytes) FROM exports WHERE state = 'queued'", cancellationToken: cancellationToken)) ?? 0;
    }

    private sealed class FileRow
    {
        public string Path { get; set; } = "";

        public string EntryName { get; set; } = "";

        public long Bytes { get; set; }

        public long ModifiedAt { get; set; }
    }
}
