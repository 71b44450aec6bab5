using System.Text.RegularExpressions;
using HeyGemExport.Archives;
using HeyGemExport.Data;
using HeyGemExport.Exports.Retention;

namespace HeyGemExport.Exports;

/// <summary>Records of exports: how they are made and read. <see cref="ExportTransitions"/> changes their state.</summary>
internal sealed partial class ExportStore(Database database, IOptions<ExportOptions> options)
{
    private const string Live = "('queued', 'building', 'verifying', 'ready')";

    private const string Columns = $"""
        id, state, file_count, total_bytes, required_bytes, done_files, done_bytes,
        CASE WHEN state = 'verifying' THEN verified_bytes ELSE 0 END AS verified_bytes,
        CASE WHEN state IN ('building', 'verifying') THEN bytes_per_second END AS bytes_per_second,
        archive_name, requested_by, requested_from, created_at,
        COALESCE(queued_at, created_at) AS queued_at, started_at, finished_at, last_used_at, claimed_by, claim, attempts,
        content_json AS content, selection_json AS selection, options_json AS options, left_out_json AS left_out,
        error_json AS error, unflushed_boot,
        {RetentionHolds.KeptUntil} AS kept_until
        """;

    /// <summary>Records an export with its contract, unless a live one has the same content.</summary>
    /// <param name="instant">The archives of one that is ready at once; null to queue it.</param>
    public Task<bool> TryInsertAsync(
        Export export, ExportPlan plan, PackedSet? instant, CancellationToken cancellationToken) => database.InTransactionAsync(
        async session =>
        {
            var inserted = await session.ExecuteAsync(
                """
                INSERT INTO exports (id, state, content_key, selection_json, options_json, file_count, total_bytes, required_bytes,
                                     archive_name, content_json, requested_by, requested_from, created_at)
                VALUES (@Id, 'queued', @ContentKey, @Selection, @Options, @FileCount, @TotalBytes, @RequiredBytes,
                        @ArchiveName, @Content, @RequestedBy, @RequestedFrom, @CreatedAt)
                ON CONFLICT DO NOTHING
                """,
                new
                {
                    export.Id,
                    ContentKey = plan.ContentKey(),
                    export.Selection,
                    export.Options,
                    export.FileCount,
                    export.TotalBytes,
                    plan.RequiredBytes,
                    export.ArchiveName,
                    export.Content,
                    export.RequestedBy,
                    export.RequestedFrom,
                    export.CreatedAt,
                }) == 1;
            if (inserted)
            {
                await session.ExecuteAsync(ExportOwners.Insert, new { export.Id, Who = export.RequestedBy });
                await session.ExecuteAsync(
                    """
                    INSERT INTO export_files
                        (export_id, ordinal, path, entry_name, bytes, modified_at, identity, version, part, metadata_json)
                    VALUES (@Id, @Ordinal, @Path, @EntryName, @Bytes, @ModifiedAt, @Identity, @Version, @Part, @Metadata)
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
                        entry.Version,
                        entry.Part,
                        Metadata = entry.Metadata is { } metadata ? ExportJson.Write(metadata) : null,
                    }));
                if (instant is not null)
                {
                    await session.ExecuteAsync(
                        "UPDATE exports SET state = 'ready', finished_at = @CreatedAt, last_used_at = @CreatedAt WHERE id = @Id",
                        new { export.Id, export.CreatedAt });
                    await ExportTransitions.AddAllAsync(session, export.Id, instant);
                }
            }

            return inserted;
        },
        cancellationToken);

    public async Task<Export?> FindLiveAsync(string contentKey, CancellationToken cancellationToken) =>
        (await SelectAsync($"WHERE content_key = @contentKey AND state IN {Live}", new { contentKey }, cancellationToken))
        .SingleOrDefault();

    public async Task<Export?> FindLiveTwinAsync(string id, CancellationToken cancellationToken) => (await SelectAsync(
        $"WHERE content_key = (SELECT own.content_key FROM exports own WHERE own.id = @id) AND id <> @id AND state IN {Live}", new { id },
        cancellationToken))
        .SingleOrDefault();

    public async Task<Export?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await SelectAsync("WHERE id = @id", new { id }, cancellationToken)).SingleOrDefault();

    /// <summary>Newest first; pages count from 1. With <paramref name="who"/>, only those that this person confirmed; with
    /// <paramref name="text"/>, only those whose name, title or content has it.</summary>
    public async Task<ExportPage> ListAsync(int page, int pageSize, string? who, string? text, CancellationToken cancellationToken)
    {
        string[] conditions =
        [
            .. who is null ? Array.Empty<string>() : ["id IN (SELECT export_id FROM export_participants WHERE who = @who)"],
            .. text is null ? Array.Empty<string>() :
            [
                $"""
                (LOWER(archive_name) LIKE @like ESCAPE '!' OR LOWER(content_json) LIKE @like ESCAPE '!' OR EXISTS
                    (SELECT 1 FROM export_participants p
                     WHERE p.export_id = exports.id AND LOWER(p.title) LIKE @like ESCAPE '!' {(who is null ? "" : "AND p.who = @who")}))
                """,
            ],
        ];
        var condition = conditions.Length == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)} ";
        var like = text is null ? null : $"%{LikeSpecial().Replace(text.ToLowerInvariant(), "!$0")}%";
        var total = await database.FirstAsync<int>("SELECT COUNT(*) FROM exports " + condition, new { who, like }, cancellationToken);
        var items = await SelectAsync(
            condition + "ORDER BY created_at DESC, id DESC LIMIT @pageSize OFFSET @offset",
            new { who, like, pageSize, offset = (long)(page - 1) * pageSize }, cancellationToken);
        return new ExportPage(items, total, page, pageSize);
    }

    /// <summary>Whether this person was the first to confirm it.</summary>
    public async Task<bool> IsRequestedByAsync(string id, string who, CancellationToken cancellationToken) =>
        await database.FirstAsync<long>(
            "SELECT COUNT(*) FROM exports WHERE id = @id AND requested_by = @who", new { id, who }, cancellationToken) > 0;

    public Task<IReadOnlyList<Export>> InStateAsync(ExportState state, CancellationToken cancellationToken) =>
        SelectAsync("WHERE state = @state ORDER BY created_at, id", new { state = state.ToString().ToLowerInvariant() }, cancellationToken);

    public Task<IReadOnlyList<Export>> UnsuccessfulAsync(int most, CancellationToken cancellationToken) =>
        SelectAsync(
            "WHERE state IN ('failed', 'cancelled') ORDER BY finished_at DESC, id DESC LIMIT @most", new { most }, cancellationToken);

    public async Task<IReadOnlyDictionary<ExportState, int>> CountByStateAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync<(string State, long Count)>(
            "SELECT state, COUNT(*) FROM exports GROUP BY state", parameters: null, cancellationToken))
            .ToDictionary(row => Enum.Parse<ExportState>(row.State, ignoreCase: true), row => (int)row.Count);

    public Task<IReadOnlyList<Export>> ReadyByLastUseAsync(CancellationToken cancellationToken) =>
        SelectAsync("WHERE state = 'ready' ORDER BY last_used_at, created_at, id", parameters: null, cancellationToken);

    public async Task<IReadOnlyList<ContractEntry>> ReadContractAsync(string id, CancellationToken cancellationToken) =>
        [.. (await ReadFilesAsync("export_id = @id", id, cancellationToken)).Select(file => file.Entry)];

    /// <summary>Ready, and not known to be on the disk yet, or without a sum.</summary>
    public Task<IReadOnlyList<Export>> IncompleteAsync(CancellationToken cancellationToken) => SelectAsync(
        """
        WHERE state = 'ready' AND (unflushed_boot IS NOT NULL OR id IN (SELECT p.export_id FROM export_parts p WHERE p.sha256 = ''))
        ORDER BY finished_at, id
        """,
        parameters: null,
        cancellationToken);

    /// <summary>What becomes of the files of these exports: state, number of the last claim, and paths of what was published.</summary>
    public async Task<IReadOnlyDictionary<string, (ExportState State, long Claim, IReadOnlySet<string> Published)>> FatesAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var isOneOf = database.IsOneOf("@ids");
        var exports = await database.QueryAsync<(string Id, string State, long Claim)>(
            $"SELECT id, state, claim FROM exports WHERE id {isOneOf}", new { ids }, cancellationToken);
        var paths = (await database.QueryAsync<(string Id, string Path)>(
            $"SELECT export_id, path FROM export_parts WHERE export_id {isOneOf}", new { ids }, cancellationToken))
            .ToLookup(part => part.Id, part => part.Path, StringComparer.Ordinal);
        return exports.ToDictionary(
            export => export.Id,
            export => (Enum.Parse<ExportState>(export.State, ignoreCase: true), export.Claim,
                (IReadOnlySet<string>)paths[export.Id].ToHashSet(StringComparer.Ordinal)),
            StringComparer.Ordinal);
    }

    /// <summary>The archives that were published for an export, whatever its state is now.</summary>
    public async Task<IReadOnlyList<ArchivePart>> ReadPartsAsync(string id, CancellationToken cancellationToken) =>
        [.. (await ReadPartsAsync("= @id", new { id }, cancellationToken)).Select(row => row.Part)];

    /// <summary>The files that were packed, in the order of the contract, each with the sums of what was read.</summary>
    public async Task<IReadOnlyList<BuiltEntry>> ReadPackedAsync(string id, CancellationToken cancellationToken) =>
    [
        .. (await ReadFilesAsync("export_id = @id AND sha256 IS NOT NULL", id, cancellationToken)).Select(file => new BuiltEntry(
            file.Entry, Convert.FromHexString(file.Sha256!), (uint)(file.Crc32 ?? 0), file.Version,
            file.LocalTime is { } ticks ? new DateTime(ticks, DateTimeKind.Unspecified) : null)),
    ];

    public async Task<IReadOnlyList<RenamedFile>> RenamedAsync(string id, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<(string Path, string Name)>(
            "SELECT path, entry_name FROM export_files WHERE export_id = @id AND entry_name <> path ORDER BY ordinal", new { id },
            cancellationToken);
        return [.. rows.Select(row => new RenamedFile(row.Path, row.Name))];
    }

    /// <summary>Temp space promised to queued exports; one that is being built has reserved its file's length already.</summary>
    public async Task<long> PromisedBytesAsync(CancellationToken cancellationToken) =>
        await database.FirstAsync<long?>(
            "SELECT CAST(SUM(required_bytes) AS BIGINT) FROM exports WHERE state = 'queued'", parameters: null, cancellationToken) ?? 0;

    [GeneratedRegex("[!%_]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LikeSpecial();

    private Task<IReadOnlyList<FileRow>> ReadFilesAsync(string condition, string id, CancellationToken cancellationToken) =>
        database.QueryAsync<FileRow>(
            $"""
            SELECT path, entry_name, bytes, modified_at, identity, version, part, metadata_json, sha256, crc32, local_time
            FROM export_files WHERE {condition} ORDER BY ordinal
            """,
            new { id },
            cancellationToken);

    private async Task<IReadOnlyList<Export>> SelectAsync(string condition, object? parameters, CancellationToken cancellationToken)
    {
        var exports = (await database.QueryAsync<Export>($"SELECT {Columns} FROM exports {condition}", parameters, cancellationToken))
            // Until its archives have been compared with the record, it is as good as not packed.
            .Select(export =>
                export is { State: ExportState.Ready, MayBeDamaged: true } ? export with { State = ExportState.Queued } : export)
            .ToList();
        if (!exports.Exists(export => export.State is ExportState.Ready or ExportState.Expired))
        {
            return exports;
        }

        var parts = (await ReadPartsAsync($"IN (SELECT id FROM exports {condition})", parameters, cancellationToken))
            .ToLookup(row => row.ExportId, row => row.Part, StringComparer.Ordinal);
        return
        [
            .. exports.Select(export => export with
            {
                Parts = export.State is ExportState.Ready or ExportState.Expired ? [.. parts[export.Id]] : [],
                ExpiresAt = ExpiryOf(export),
            }),
        ];
    }

    private async Task<IReadOnlyList<(string ExportId, ArchivePart Part)>> ReadPartsAsync(
        string exports, object? parameters, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<(
            string ExportId, long Number, string Name, string Path, long FileCount, long Bytes, string? Sha256,
            string? Identity)>(
            $"""
            SELECT export_id, number, name, path, file_count, bytes, NULLIF(sha256, ''), identity FROM export_parts
            WHERE export_id {exports} ORDER BY export_id, number
            """,
            parameters,
            cancellationToken);
        return
        [
            .. rows.Select(row => (
                row.ExportId,
                new ArchivePart((int)row.Number, row.Name, row.Path, (int)row.FileCount, row.Bytes, row.Sha256)
                {
                    Identity = row.Identity,
                })),
        ];
    }

    private DateTimeOffset? ExpiryOf(Export export) => export switch
    {
        { State: not ExportState.Ready } => null,
        _ when export.LastUsedAt + TimeSpan.FromHours(options.Value.RetentionHours) is var end && !(export.KeptUntil > end) => end,
        _ => export.KeptUntil,
    };

    private sealed class FileRow
    {
        public required string Path { get; init; }
        public required string EntryName { get; init; }
        public long Bytes { get; init; }

        /// <summary>Ticks of UTC.</summary>
        public long ModifiedAt { get; init; }
        public string? Identity { get; init; }
        public string? Version { get; init; }
        public long Part { get; init; }
        public string? MetadataJson { get; init; }
        public string? Sha256 { get; init; }
        public long? Crc32 { get; init; }
        public long? LocalTime { get; init; }

        public ContractEntry Entry => new(Path, EntryName, Bytes, new DateTimeOffset(ModifiedAt, TimeSpan.Zero), Identity, (int)Part)
        {
            Version = Version,
            Metadata = MetadataJson is null ? null : ExportJson.Read<EntryMetadata>(MetadataJson),
        };
    }
}
