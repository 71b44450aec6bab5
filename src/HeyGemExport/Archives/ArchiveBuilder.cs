using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace HeyGemExport.Archives;

/// <param name="Sha256">Of the source's bytes.</param>
/// <param name="Crc32">Of the bytes as they were read for the archive.</param>
/// <param name="Version">Of the source (<see cref="KnownContent.Version"/>), unchanged from its opening to the end of its reading.</param>
/// <param name="LocalTime">Last write time in the zone of the archive, where it has to be the same everywhere.</param>
internal sealed record BuiltEntry(ContractEntry Entry, byte[] Sha256, uint Crc32, string? Version = null, DateTime? LocalTime = null);

/// <param name="time">Gives the time zone: ZIP stores local time without an offset.</param>
internal sealed class ArchiveBuilder(IArchiveSources sources, TimeProvider time)
{
    /// <summary>Up to here, the way to another thread takes longer than reading, hashing or writing.</summary>
    internal const int SmallBytes = 64 * 1024;

    /// <summary>The margin below 4 GiB is more than the eighth that deflate can add to incompressible data.</summary>
    internal long Zip64FromBytes { get; init; } = uint.MaxValue / 9L * 8;

    /// <summary>Writes the archive to a seekable, readable stream, from its present position to its end.</summary>
    /// <remarks>After a failure or a cancellation the stream holds no central directory: nothing can take it for an archive.</remarks>
    /// <exception cref="ContractBrokenException">A source is not what the contract says; every such source is named.</exception>
    /// <exception cref="IOException">The destination cannot be written.</exception>
    public async Task<IReadOnlyList<BuiltEntry>> BuildAsync(
        ArchiveContract contract,
        Stream destination,
        IProgress<ArchiveProgress>? progress,
        CancellationToken cancellationToken)
    {
        await using var target = new ZipTarget(destination);
        List<BuiltEntry> built;
        long directoryStart;
        await using (var archive = await ZipArchive.CreateAsync(
            target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
        {
            try
            {
                built = await AddAllAsync(archive, target, contract, progress, cancellationToken);
                directoryStart = target.Position;
            }
            catch
            {
                target.Abandon();
                throw;
            }
        }

        await target.CompleteDirectoryAsync(directoryStart, cancellationToken);
        return built;
    }

    private async Task<List<BuiltEntry>> AddAllAsync(
        ZipArchive archive,
        ZipTarget target,
        ArchiveContract contract,
        IProgress<ArchiveProgress>? progress,
        CancellationToken cancellationToken)
    {
        var built = new List<BuiltEntry>(contract.Entries.Count);
        var meter = new ProgressMeter(progress);
        using var buffers = new Buffers();
        foreach (var entry in contract.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                built.Add(await AddAsync(archive, target, entry, contract.Compression, buffers, meter, cancellationToken));
            }
            catch (ContractBrokenException broken)
            {
                var others = contract.Entries.Skip(built.Count + 1).Select(other => sources.Inspect(other)).OfType<SourceIssue>();
                throw new ContractBrokenException([.. broken.Issues, .. others]);
            }

            meter.FileDone();
        }

        foreach (var added in AddedEntry.For(contract, built))
        {
            await AddAsync(archive, target, added, cancellationToken);
        }

        return built;
    }

    private async Task<BuiltEntry> AddAsync(
        ZipArchive archive,
        ZipTarget target,
        ContractEntry entry,
        CompressionChoice compression,
        Buffers buffers,
        ProgressMeter meter,
        CancellationToken cancellationToken)
    {
        await using var source = await sources.OpenAsync(entry);
        var level = await LevelAsync(compression, source, entry.Bytes, cancellationToken);
        var zipEntry = NewEntry(archive, entry.EntryName, level, entry.ModifiedAt);
        var large = entry.Bytes >= Zip64FromBytes;
        target.BeginEntry(Encoding.UTF8.GetByteCount(entry.EntryName), entry.ModifiedAt, large);

        var known = entry.Known;
        var isKnown = known is not null && string.Equals(known.Version, source.Version, StringComparison.Ordinal);
        using var hash = isKnown ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var data = await zipEntry.OpenAsync(cancellationToken))
        {
            await CopyAsync(source, data, buffers, hash, meter, cancellationToken);
        }

        source.EnsureUnchanged();
        var sha256 = hash?.GetHashAndReset() ?? known!.Sha256;
        if (known is not null && (known.Crc32 != zipEntry.Crc32 || !sha256.AsSpan().SequenceEqual(known.Sha256)))
        {
            var wasChanged = entry.Version is not null && !string.Equals(entry.Version, source.Version, StringComparison.Ordinal);
            throw new ContractBrokenException(new SourceIssue(
                entry.Path,
                wasChanged ? SourceIssue.Changed : SourceIssue.Corrupted,
                $"CRC-32 {known.Crc32:x8} → {zipEntry.Crc32:x8}"));
        }

        if (large)
        {
            await target.CompleteZip64Async(entry.Bytes, zipEntry.Crc32, cancellationToken);
        }

        return new BuiltEntry(entry, sha256, zipEntry.Crc32, source.Version);
    }

    private async Task AddAsync(ZipArchive archive, ZipTarget target, AddedEntry added, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var entry = NewEntry(archive, added.Name, CompressionLevel.NoCompression, now);
        target.BeginEntry(Encoding.UTF8.GetByteCount(added.Name), now, isLarge: false);
        await using var content = await entry.OpenAsync(cancellationToken);
        await content.WriteAsync(added.Content, cancellationToken);
    }

    private ZipArchiveEntry NewEntry(ZipArchive archive, string name, CompressionLevel level, DateTimeOffset modifiedAt)
    {
        var entry = archive.CreateEntry(name, level);
        var local = TimeZoneInfo.ConvertTime(modifiedAt, time.LocalTimeZone).DateTime;
        entry.LastWriteTime = new DateTimeOffset(ZipFormat.ClampTime(local), TimeSpan.Zero);
        entry.ExternalAttributes = ZipFormat.RegularFile0644;
        return entry;
    }

    private static async ValueTask<CompressionLevel> LevelAsync(
        CompressionChoice choice, ISourceReader source, long bytes, CancellationToken cancellationToken) => choice switch
    {
        CompressionChoice.Deflate => CompressionLevel.Optimal,
        CompressionChoice.Auto when await CompressionSample.ShrinksAsync(source, bytes, cancellationToken) => CompressionLevel.Fastest,
        _ => CompressionLevel.NoCompression,
    };

    /// <summary>While one chunk is hashed and written, the next is read.</summary>
    private static async Task CopyAsync(
        ISourceReader source, Stream content, Buffers buffers, IncrementalHash? hash, ProgressMeter meter,
        CancellationToken cancellationToken)
    {
        var (current, ahead) = (buffers.First, buffers.Second);
        var count = await source.ReadAtAsync(current, 0, cancellationToken);
        if (count is > 0 and <= SmallBytes)
        {
            // Read to the end: a reader fills the buffer as long as there is more.
            hash?.AppendData(current, 0, count);
            await content.WriteAsync(current.AsMemory(0, count), cancellationToken);
            meter.Add(count);
            return;
        }

        for (long offset = count; count > 0; offset += count)
        {
            var (chunk, chunkBytes) = (current, count);
            var reading = Task.Run(() => source.ReadAtAsync(ahead, offset, cancellationToken).AsTask(), CancellationToken.None);
            var hashing = hash is null ? Task.CompletedTask
                : Task.Run(() => hash.AppendData(chunk, 0, chunkBytes), CancellationToken.None);
            var writing = content.WriteAsync(chunk.AsMemory(0, chunkBytes), cancellationToken).AsTask();

            // All three are awaited even when one has failed, because none may still use a buffer that is filled again.
            await Task.WhenAll(reading, hashing, writing);
            meter.Add(chunkBytes);
            count = await reading;
            (current, ahead) = (ahead, current);
        }
    }

    private sealed class Buffers : IDisposable
    {
        public byte[] First { get; } = Chunks.Rent();

        public byte[] Second { get; } = Chunks.Rent();

        public void Dispose()
        {
            Chunks.Return(First);
            Chunks.Return(Second);
        }
    }
}

internal sealed class ProgressMeter(IProgress<ArchiveProgress>? progress)
{
    private int files;
    private long bytes;

    public void Add(int count)
    {
        bytes += count;
        progress?.Report(new ArchiveProgress(files, bytes));
    }

    public void FileDone()
    {
        files++;
        progress?.Report(new ArchiveProgress(files, bytes));
    }
}
