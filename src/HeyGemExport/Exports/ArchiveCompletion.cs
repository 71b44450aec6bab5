using HeyGemExport.Archives;
using HeyGemExport.Exports.Retention;
using HeyGemExport.FileSystem;
using HeyGemExport.Jobs;

namespace HeyGemExport.Exports;

/// <summary>What nobody has to wait for: once an archive is ready, it is flushed to the disk, and its SHA-256 computed.</summary>
internal sealed partial class ArchiveCompletion(
    ExportStore store, ExportTransitions transitions, ArchiveFiles files, InstantArchives instant, ActiveDownloads leases,
    ExportProgressBoard board, ExportEvents events, IStringLocalizer<ExportTexts> texts,
    ILogger<ArchiveCompletion> log) : IRecurringJob, IDisposable
{
    private readonly SemaphoreSlim alone = new(1, 1);

    /// <summary>Since the last look began.</summary>
    private volatile bool asked;

    public static string Id => "archives";

    public string Name => texts["Job.Complete"];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        asked = true;
        while (asked && await alone.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            try
            {
                asked = false;
                while (await CompleteAllAsync(cancellationToken))
                {
                }
            }
            finally
            {
                alone.Release();
            }
        }
    }

    public void Dispose() => alone.Dispose();

    /// <summary>The export with the sums of all its archives, for those who cannot go on without.</summary>
    /// <exception cref="IOException">An archive cannot be read.</exception>
    public async Task<Export> SumAsync(Export export, CancellationToken cancellationToken)
    {
        var parts = new List<ArchivePart>();
        foreach (var part in export.Parts)
        {
            parts.Add(part with { Sha256 = part.Sha256 ?? await SumAsync(export, part, inBackground: false, cancellationToken) });
        }

        return export with { Parts = parts };
    }

    /// <returns>Whether anything was done: more may have become ready meanwhile.</returns>
    private async Task<bool> CompleteAllAsync(CancellationToken cancellationToken)
    {
        // Of several nodes, an archive is on the one that built it.
        var exports = (await store.IncompleteAsync(cancellationToken))
            .Where(export => export.Parts.All(part => part.IsHere))
            .ToList();
        foreach (var export in exports.Where(export => export.UnflushedBoot is not null))
        {
            await FlushAsync(export, cancellationToken);
        }

        var done = exports.Exists(export => export.UnflushedBoot is not null);

        // What is being downloaded at once is read as it is; its sum can wait.
        foreach (var export in exports.Where(export => !export.IsInstant || leases.Count(export.Id) == 0))
        {
            using var lease = await leases.TryAcquireAsync(export.Id, cancellationToken);
            foreach (var part in export.Parts.Where(part => lease is not null && part.Sha256 is null))
            {
                try
                {
                    await SumAsync(export, part, inBackground: true, cancellationToken);
                    done = true;
                }
                catch (ContractBrokenException broken)
                {
                    await instant.BreakAsync(export, broken);
                    break;
                }
                catch (ArchiveChangedException)
                {
                    await files.DistrustAsync(export, part, cancellationToken);
                    break;
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    Log.NotSummed(log, part.Name, exception.Message);
                }
            }
        }

        return done;
    }

    private async Task FlushAsync(Export export, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var part in export.Parts)
            {
                if (ArchiveFiles.IdentityOf(part.Path) is null)
                {
                    throw new ArchiveChangedException(part.Name);
                }

                using var file = File.OpenHandle(part.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                await Task.Run(() => RandomAccess.FlushToDisk(file), cancellationToken);
            }

            await transitions.FlushedAsync(export.Id, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What the disk did not take may be in memory still, and nowhere else: no later look could tell.
            Log.NotFlushed(log, export.Id, exception.Message);
            await transitions.DistrustAsync(export.Id, cancellationToken);
        }
    }

    private async Task<string> SumAsync(Export export, ArchivePart part, bool inBackground, CancellationToken cancellationToken)
    {
        var sums = await ReadThroughAsync(export, part, inBackground, cancellationToken);
        if (sums.Bytes != part.Bytes)
        {
            throw new IOException($"'{part.Name}' has {sums.Bytes} bytes instead of {part.Bytes}.");
        }

        if (await transitions.SummedAsync(export.Id, part.Number, sums.Sha256, cancellationToken))
        {
            await events.SummedAsync(export, part with { Sha256 = sums.Sha256 });
            board.Notify(export.Id);
        }

        return sums.Sha256;
    }

    private async Task<FileSums> ReadThroughAsync(
        Export export, ArchivePart part, bool inBackground, CancellationToken cancellationToken)
    {
        if (!part.IsInstant)
        {
            using var file = await files.OpenAsync(export, part, cancellationToken) ?? throw new ArchiveChangedException(part.Name);
            return await FileSums.ComputeAsync(file, inBackground, cancellationToken);
        }

        await using var archive = await instant.OpenAsync(export, part, cancellationToken);
        return await FileSums.ComputeAsync(
            (buffer, offset) => archive.ReadAtAsync(buffer, offset, cancellationToken).AsTask().GetAwaiter().GetResult(),
            inBackground,
            cancellationToken);
    }

    private sealed class ArchiveChangedException(string name) : IOException($"'{name}' is not the file that was verified.");

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "压缩包未能写入磁盘, 将重新打包: {ExportId}, {Reason}")]
        public static partial void NotFlushed(ILogger logger, string exportId, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "未能计算压缩包的 SHA-256: {Path}, {Reason}")]
        public static partial void NotSummed(ILogger logger, string path, string reason);
    }
}
