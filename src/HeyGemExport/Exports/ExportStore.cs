using Dapper;
using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Data;
using HeyGemExport.Exports.Retention;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Exports;

/// <summary>Records of exports: how they are made and read. <see cref="ExportTransitions"/> changes their state.</summary>
internal sealed class ExportStore(Database database, IOptions<ExportOptions> options)
{
    private const string Live = "('queued', 'building', 'verifying', 'ready')";

    private TimeSpan Retention => TimeSpan.FromHours(options.Value.RetentionHours);

    /// <summary>Records a queued export with its contract, unless a live one has the same content.</summary>
    /// <returns>Whether it was recorded.</returns>
    public async Task<bool> TryInsertAsync(Export export, ExportPlan plan, CancellationToken cancellationToken)
    {
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
            ExportOwners.Insert, new { export.Id, Who = export.RequestedBy }, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO export_files (export_id, ordinal, path, entry_name, bytes, modified_at, identity, part, metadata_json)
            VALUES (@Id, @Ordinal, @Path, @EntryName, @Bytes, @ModifiedAt, @Identity, @Part, @MetadataJson)
            """,
            plan.Entries.Select((entry, ordinal) => new
            {
                export.Id,
                Ordinal = ordinal,
                entry.Path,
                entry.EntryName,
                entry.Bytes,
                ModifiedAt = entry.ModifiedAt.UtcTicks,
                entry.Identity,
                entry.Part,
                MetadataJson = entry.Metadata is { } metadata ? ExportJson.Write(metadata) : null,
            }),
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The live export with that content, or null.</summary>
    public async Task<Export?> FindLiveAsync(string contentKey, CancellationToken cancellationToken) =>
        (await SelectAsync($"WHERE content_key = @contentKey AND state IN {Live}", new { contentKey }, cancellationToken)).SingleOrDefault();

    /// <summary>The live export with the same content as another, or null.</summary>
    public async Task<Export?> FindLiveTwinAsync(string id, CancellationToken cancellationToken) =>
        (await SelectAsync($"WHERE content_key = (SELECT own.content_key FROM exports own WHERE own.id = @id) AND id <> @id AND state IN {Live}", new { id }, cancellationToken)).SingleOrDefault();

    /// <summary>The export, or null.</summary>
    public async Task<Export?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await SelectAsync("WHERE id = @id", new { id }, cancellationToken)).SingleOrDefault();

    /// <summary>One page, newest first.</summary>
    /// <param name="page">From 1.</param>
    /// <param name="pageSize">Exports a page.</param>
    /// <param name="who">Only those that this person confirmed; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ExportPage> ListAsync(int page, int pageSize, string? who, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var theirs = who is null ? "" : "WHERE id IN (SELECT export_id FROM export_participants WHERE who = @who) ";
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM exports " + theirs, new { who }, cancellationToken: cancellationToken));
        var items = await SelectAsync(
            theirs + "ORDER BY created_at DESC, id DESC LIMIT @pageSize OFFSET @offset", new { who, pageSize, offset = (long)(page - 1) * pageSize }, cancellationToken);
        return new ExportPage(items, (int)total, page, pageSize);
    }

    /// <summary>The exports in a state, oldest first.</summary>
    public Task<IReadOnlyList<Export>> InStateAsync(ExportState state, CancellationToken cancellationToken) =>
        SelectAsync("WHERE state = @state ORDER BY created_at, id", new { state = ExportRow.Stored(state) }, cancellationToken);

    /// <summary>The exports that failed or were cancelled, the latest first.</summary>
    public Task<IReadOnlyList<Export>> UnsuccessfulAsync(int most, CancellationToken cancellationToken) =>
        SelectAsync("WHERE state IN ('failed', 'cancelled') ORDER BY finished_at DESC, id DESC LIMIT @most", new { most }, cancellationToken);

    /// <summary>How many exports are in each state; those without any are absent.</summary>
    public async Task<IReadOnlyDictionary<ExportState, int>> CountByStateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var counts = await connection.QueryAsync<(string State, long Count)>(new CommandDefinition(
            "SELECT state, COUNT(*) FROM exports GROUP BY state", cancellationToken: cancellationToken));
        return counts.ToDictionary(row => Enum.Parse<ExportState>(row.State, ignoreCase: true), row => (int)row.Count);
    }

    /// <summary>The ready exports, that which was used the longest ago first.</summary>
    public Task<IReadOnlyList<Export>> ReadyByLastUseAsync(CancellationToken cancellationToken) =>
        SelectAsync("WHERE state = 'ready' ORDER BY last_used_at, created_at, id", new { }, cancellationToken);

    /// <summary>The files that were promised when the export was confirmed, in order.</summary>
    public async Task<IReadOnlyList<ContractEntry>> ReadContractAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<FileRow>(new CommandDefinition(
            "SELECT path, entry_name, bytes, modified_at, identity, part, metadata_json FROM export_files WHERE export_id = @id ORDER BY ordinal",
            new { id },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToEntry())];
    }

    /// <summary>The files that were packed, in the order of the contract, each with the hash of what was read.</summary>
    public async Task<IReadOnlyList<BuiltEntry>> ReadPackedAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<FileRow>(new CommandDefinition(
            "SELECT path, entry_name, bytes, modified_at, identity, part, sha256 FROM export_files WHERE export_id = @id AND sha256 IS NOT NULL ORDER BY ordinal",
            new { id },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new BuiltEntry(row.ToEntry(), Convert.FromHexString(row.Sha256!)))];
    }

    /// <summary>The files of an export whose names in the archive are not their own.</summary>
    public async Task<IReadOnlyList<RenamedFile>> RenamedAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<FileRow>(new CommandDefinition(
            "SELECT path, entry_name FROM export_files WHERE export_id = @id AND entry_name <> path ORDER BY ordinal",
            new { id },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new RenamedFile(row.Path, row.EntryName))];
    }

    /// <summary>What a person has downloaded whole, as it was then. People without an account are told apart by their address.</summary>
    public async Task<IReadOnlySet<(string Path, long Bytes, long ModifiedAt)>> DownloadedByAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<FileRow>(new CommandDefinition(
            """
            SELECT DISTINCT f.path, f.bytes, f.modified_at
            FROM downloads d JOIN export_files f ON f.export_id = d.export_id AND f.part = d.part
            WHERE d.complete = 1 AND f.sha256 IS NOT NULL AND d.who = @Who AND (d.who <> @Anonymous OR d.from_address = @From)
            """,
            new { caller.Who, caller.From, Caller.Anonymous },
            cancellationToken: cancellationToken));
        return rows.Select(row => (row.Path, row.Bytes, row.ModifiedAt)).ToHashSet();
    }

    /// <summary>Bytes of temp space promised to exports that have not begun to take it.</summary>
    public async Task<long> PromisedBytesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);

        // A build in progress has reserved its file's whole length already.
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT SUM(required_bytes) FROM exports WHERE state = 'queued'", cancellationToken: cancellationToken)) ?? 0;
    }

    private async Task<IReadOnlyList<Export>> SelectAsync(string condition, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<ExportRow>(new CommandDefinition(
            $"SELECT exports.*, {RetentionHolds.KeptUntil} AS kept_until FROM exports {condition}", parameters, cancellationToken: cancellationToken))).AsList();
        var parts = rows.Exists(row => row.State is "ready" or "expired")
            ? (await connection.QueryAsync<PartRow>(new CommandDefinition(
                $"SELECT * FROM export_parts WHERE export_id IN (SELECT id FROM exports {condition}) ORDER BY export_id, number",
                parameters,
                cancellationToken: cancellationToken))).ToLookup(part => part.ExportId, part => part.ToPart(), StringComparer.Ordinal)
            : null;
        return [.. rows.Select(row => row.ToExport(Retention, parts is null ? [] : [.. parts[row.Id]]))];
    }

    private sealed class FileRow
    {
        public string Path { get; set; } = "";

        public string EntryName { get; set; } = "";

        public long Bytes { get; set; }

        public long ModifiedAt { get; set; }

        public string? Identity { get; set; }

        public long Part { get; set; }

        public string? Sha256 { get; set; }

        public string? MetadataJson { get; set; }

        public ContractEntry ToEntry() => new(Path, EntryName, Bytes, new DateTimeOffset(ModifiedAt, TimeSpan.Zero), Identity, (int)Part)
        {
            Metadata = MetadataJson is null ? null : ExportJson.Read<EntryMetadata>(MetadataJson),
        };
    }

    private sealed class PartRow
    {
        public string ExportId { get; set; } = "";

        public long Number { get; set; }

        public string Name { get; set; } = "";

        public string Path { get; set; } = "";

        public long FileCount { get; set; }

        public long Bytes { get; set; }

        public string Sha256 { get; set; } = "";

        public ArchivePart ToPart() => new((int)Number, Name, Path, (int)FileCount, Bytes, Sha256);
    }
}
