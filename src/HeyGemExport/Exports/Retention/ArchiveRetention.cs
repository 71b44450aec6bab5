using HeyGemExport.Exports.Downloads;

namespace HeyGemExport.Exports.Retention;

/// <summary>Keeps the temp directory small: time to live, size cap, and what a process that was killed left behind.</summary>
internal sealed partial class ArchiveRetention(
    ExportStore store,
    ExportTransitions transitions,
    DownloadLedger downloads,
    ArchiveFolder folder,
    ActiveDownloads leases,
    ExportEvents events,
    ExportMetrics metrics,
    IOptions<ExportOptions> options,
    TimeProvider time,
    ILogger<ArchiveRetention> log)
{
    /// <summary>A download that broke off less than this ago is likely to be resumed.</summary>
    public static readonly TimeSpan ResumeWindow = TimeSpan.FromMinutes(15);

    /// <summary>A partial archive of an export that is not in our database may be somebody else's; one that is still written is
    /// younger.</summary>
    private static readonly TimeSpan KeepUnknown = TimeSpan.FromDays(1);

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await ExpireOldAsync(cancellationToken);
        await ExpireOverCapAsync(arriving: 0, cancellationToken);
        await RemoveStraysAsync(cancellationToken);
    }

    /// <summary>Archives of exports that the database does not know, as after an older copy of it was put back. They are never removed
    /// here.</summary>
    public async Task<IReadOnlyList<FileInfo>> FindUnknownAsync(CancellationToken cancellationToken)
    {
        var files = folder.List().Where(found => !found.IsPartial).ToList();
        var fates = await FatesAsync(files, cancellationToken);
        return [.. files.Where(found => !fates.ContainsKey(found.ExportId)).Select(found => found.File)];
    }

    /// <summary>Before an export is built: removes what an earlier attempt of its own left, and makes room under the cap.</summary>
    public async Task PrepareAsync(Export export, CancellationToken cancellationToken)
    {
        folder.Open();
        foreach (var found in folder.List().Where(found => !(found.Claim >= export.Claim) && found.IsOf(export.Id)))
        {
            Sweep(found.File);
        }

        await ExpireOverCapAsync(export.RequiredBytes, cancellationToken);
    }

    private async Task ExpireOldAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var export in await store.ReadyByLastUseAsync(cancellationToken))
        {
            if (export.ExpiresAt <= now)
            {
                await ExpireAsync(export, "time-to-live", cancellationToken);
            }
            else if (export.LastUsedAt > now)
            {
                // It was used while the clock was ahead, and would be kept until that time comes.
                await transitions.TouchAsync(export.Id, cancellationToken);
            }
        }
    }

    private async Task ExpireOverCapAsync(long arriving, CancellationToken cancellationToken)
    {
        if (options.Value.MaxTempBytes <= 0)
        {
            return;
        }

        var ready = await store.ReadyByLastUseAsync(cancellationToken);
        var total = ready.Sum(export => export.TempBytes) + arriving;
        var resumable = await downloads.InterruptedSinceAsync(time.GetUtcNow() - ResumeWindow, cancellationToken);

        // Nor that which was packed last while nothing new arrives: its person is about to download it.
        var latest = arriving == 0 && ready.Count > 0 ? ready[^1].Id : null;

        // What was promised to somebody goes last.
        var candidates = ready.Where(
            export => export.TempBytes > 0 && !resumable.Contains(export.Id)
                && !string.Equals(export.Id, latest, StringComparison.Ordinal));
        foreach (var export in candidates.OrderBy(export => export.KeptUntil > time.GetUtcNow()))
        {
            if (total <= options.Value.MaxTempBytes)
            {
                return;
            }

            if (await ExpireAsync(export, "size-cap", cancellationToken))
            {
                total -= export.TempBytes;
            }
        }
    }

    public void RemoveLeftovers(string exportId)
    {
        foreach (var found in folder.List().Where(found => !found.IsPartial && found.IsOf(exportId)))
        {
            Sweep(found.File);
        }
    }

    /// <returns>Whether it was removed; not while a download holds it.</returns>
    public Task<bool> ExpireAsync(Export export, string reason, CancellationToken cancellationToken) =>
        leases.RetireAsync(export.Id, async () =>
    {
        // The record first: a file without a ready record is a stray and will be removed, a ready record without a file is a lie.
        if (!await transitions.ExpireAsync(export.Id, cancellationToken))
        {
            return false;
        }

        var packed = export.Parts.Where(part => !part.IsInstant);
        await events.ExpiredAsync(export, reason, freed: packed.Sum(part => TryDelete(new FileInfo(part.Path))));
        return true;
    });

    /// <summary>Removes the files that nobody works on or publishes any more, by what the records say: locks of files do not reach
    /// across hosts. The files are listed first, so that a claim whose file is seen is in its record, too.</summary>
    private async Task RemoveStraysAsync(CancellationToken cancellationToken)
    {
        var files = folder.List();
        var fates = await FatesAsync(files, cancellationToken);
        foreach (var found in files)
        {
            var isStray = fates.TryGetValue(found.ExportId, out var export)
                ? !export.Published.Contains(found.File.FullName) && IsOver(found, export.State, export.Claim)
                : found.IsPartial && found.File.LastWriteTimeUtc < time.GetUtcNow().UtcDateTime - KeepUnknown;
            if (isStray && leases.Count(found.ExportId) == 0)
            {
                Sweep(found.File);
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, (ExportState State, long Claim, IReadOnlySet<string> Published)>> FatesAsync(
        IReadOnlyList<ArchiveFile> files, CancellationToken cancellationToken) => files.Count == 0
        ? new Dictionary<string, (ExportState State, long Claim, IReadOnlySet<string> Published)>(StringComparer.Ordinal)
        : await store.FatesAsync([.. files.Select(found => found.ExportId).Distinct(StringComparer.Ordinal)], cancellationToken);

    private static bool IsOver(ArchiveFile found, ExportState state, long claim) => state switch
    {
        ExportState.Building or ExportState.Verifying => found.Claim < claim,
        ExportState.Ready => found.IsPartial || found.Claim < claim,
        _ => true,
    };

    private void Sweep(FileInfo file) => metrics.Swept(TryDelete(file));

    private long TryDelete(FileInfo file)
    {
        try
        {
            var length = file.Exists ? file.Length : 0;
            file.Delete();
            Log.Removed(log, file.Name);
            return length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotRemoved(log, file.FullName, exception.Message);
            return 0;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "已删除: {File}")]
        public static partial void Removed(ILogger logger, string file);

        [LoggerMessage(Level = LogLevel.Error, Message = "无法删除: {File}, {Reason}")]
        public static partial void NotRemoved(ILogger logger, string file, string reason);
    }
}
