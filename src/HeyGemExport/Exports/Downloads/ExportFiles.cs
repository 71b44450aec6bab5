using System.IO.Compression;
using System.IO.Hashing;
using HeyGemExport.Archives;
using Microsoft.Extensions.Caching.Memory;

namespace HeyGemExport.Exports.Downloads;

/// <summary>The files of ready exports one by one, as their archives hold them: what became of the videos since does not matter for an
/// archive that was packed. Numbers count from 1 in the order of the contract, without what was left out.</summary>
internal sealed class ExportFiles(ExportStore store, ArchiveFiles archives, InstantArchives instant) : IDisposable
{
    /// <summary>A player asks for ranges of the same file many times.</summary>
    private static readonly MemoryCacheEntryOptions KeepAWhile = new() { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(2) };

    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = 32 });

    public void Dispose() => cache.Dispose();

    public async Task<IReadOnlyList<BuiltEntry>> ListAsync(Export export, CancellationToken cancellationToken)
    {
        // One that is built anew is finished at another time.
        var key = (export.Id, export.FinishedAt);
        return cache.TryGetValue<IReadOnlyList<BuiltEntry>>(key, out var known)
            ? known!
            : cache.Set(key, await store.ReadPackedAsync(export.Id, cancellationToken), KeepAWhile);
    }

    /// <summary>Null when there is no such file.</summary>
    public async Task<BuiltEntry?> FindAsync(Export export, int number, CancellationToken cancellationToken) =>
        (await ListAsync(export, cancellationToken)).ElementAtOrDefault(number - 1);

    /// <returns>Null when the archive is not what was verified; it is looked at again then.</returns>
    /// <exception cref="InvalidDataException">The archive is not what was built.</exception>
    public async Task<ExportFileContent?> OpenAsync(Export export, BuiltEntry file, CancellationToken cancellationToken)
    {
        var part = export.Parts.Single(part => part.Number == file.Entry.Part);
        var index = (await ListAsync(export, cancellationToken)).Where(other => other.Entry.Part == part.Number)
            .TakeWhile(other => !ReferenceEquals(other, file)).Count();
        if (part.IsInstant)
        {
            var laidOut = await instant.OpenAsync(export, part, cancellationToken);
            var offset = laidOut.ContentOffset(index);
            return new ExportFileContent(
                file, offset, (buffer, at) => laidOut.ReadAtAsync(buffer, offset + at, cancellationToken), laidOut);
        }

        if (await archives.OpenAsync(export, part, cancellationToken) is not { } verified)
        {
            await archives.DistrustAsync(export, part, cancellationToken);
            return null;
        }

        var archive = new FileStream(verified, FileAccess.Read, bufferSize: 0);
        try
        {
            return await OpenAsync(export, part, index, file, archive, cancellationToken);
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }

    private async Task<ExportFileContent> OpenAsync(
        Export export, ArchivePart part, int index, BuiltEntry file, FileStream archive, CancellationToken cancellationToken)
    {
        var key = (export.Id, export.FinishedAt, part.Number);
        if (!cache.TryGetValue<IReadOnlyList<ZipHeader>>(key, out var directory))
        {
            directory = cache.Set(key, await ArchiveDirectory.ReadAsync(archive, cancellationToken), KeepAWhile);
        }

        var header = directory![index];
        if (!string.Equals(header.Name, file.Entry.EntryName, StringComparison.Ordinal) || header.Uncompressed != file.Entry.Bytes)
        {
            throw new InvalidDataException($"The archive {part.Name} has {header.Name} instead of {file.Entry.EntryName}.");
        }

        var offset = await ArchiveDirectory.ContentOffsetAsync(archive, header, cancellationToken);
        if (header.Method == ZipFormat.Stored)
        {
            var handle = archive.SafeFileHandle;
            return new ExportFileContent(
                file, offset, (buffer, at) => RandomAccess.ReadAsync(handle, buffer, offset + at, cancellationToken), archive)
            {
                Archive = archive,
            };
        }

        archive.Position = offset;
        var reader = new ArchiveReader(archive, cancellationToken);
        var inflated = new DeflateStream(new DeflatedData(reader, header.Compressed), CompressionMode.Decompress);
        return new ExportFileContent(
            file, offset: null, (buffer, _) => inflated.ReadAsync(buffer, cancellationToken), inflated, reader, archive);
    }
}

/// <summary>One file, opened. Read from front to back, it must have its CRC-32.</summary>
/// <param name="offset">Where in the archive it begins; null where it is deflated, and can be read from front to back only.</param>
internal sealed class ExportFileContent(
    BuiltEntry file, long? offset, Func<Memory<byte>, long, ValueTask<int>> read, params IReadOnlyList<IAsyncDisposable> sources)
    : IAsyncDisposable
{
    private readonly Crc32 crc = new();
    private long summed;

    public long Bytes => file.Entry.Bytes;
    public long? Offset => offset;

    /// <summary>The packed archive, where the file is stored in it; null elsewhere.</summary>
    public FileStream? Archive { get; init; }

    /// <exception cref="InvalidDataException">It is not what was packed.</exception>
    /// <exception cref="ContractBrokenException">A source of an instant archive is no longer what was promised.</exception>
    public async ValueTask<int> ReadAtAsync(Memory<byte> buffer, long at)
    {
        var count = await read(buffer[..(int)Math.Min(buffer.Length, Bytes - at)], at);
        if (at == summed)
        {
            crc.Append(buffer.Span[..count]);
            summed += count;
        }

        return summed != Bytes || count == 0 || at + count != Bytes || crc.GetCurrentHashAsUInt32() == file.Crc32
            ? count
            : throw new InvalidDataException($"{file.Entry.EntryName} is not what was packed.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources)
        {
            await source.DisposeAsync();
        }
    }
}
