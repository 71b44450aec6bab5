using System.Buffers;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace HeyGemExport.Archives;

/// <summary>Reopens a finished archive and compares every entry's name, length and content with what was built.</summary>
/// <remarks>The archive must consist of its entries in the contract's order, then their directory, and nothing before, between or after.
/// One sequential pass checks that; a reader that starts from the directory at the end, as most do, must then find the same list.</remarks>
internal static class ArchiveVerifier
{
    private const int InflateBytes = 128 * 1024;

    private const string WholeArchive = "*.zip";

    /// <exception cref="ContractBrokenException">The archive is not exactly what the contract says: <c>mismatch</c>.</exception>
    public static async Task VerifyAsync(
        ArchiveContract contract,
        IReadOnlyList<BuiltEntry> built,
        Stream archive,
        IProgress<ArchiveProgress>? progress,
        CancellationToken cancellationToken)
    {
        var expected = Expected(contract, built);
        var issues = new List<SourceIssue>();
        await ReadThroughAsync(expected, archive, issues, new ProgressMeter(progress), cancellationToken);
        await CompareListAsync(expected, archive, issues, cancellationToken);
        if (issues.Count > 0)
        {
            throw new ContractBrokenException(issues);
        }
    }

    private static async Task ReadThroughAsync(
        List<ExpectedEntry> expected, Stream archive, List<SourceIssue> issues, ProgressMeter meter, CancellationToken cancellationToken)
    {
        archive.Position = 0;
        await using var reader = new ArchiveReader(archive, cancellationToken);
        var place = WholeArchive;
        try
        {
            var headers = new List<ZipHeader>(expected.Count);
            foreach (var entry in expected)
            {
                place = entry.Path;
                var header = await ZipRecords.ReadLocalAsync(reader);
                if (await CheckAsync(entry, header, reader, meter) is { } issue)
                {
                    issues.Add(Mismatch(entry.Path, issue));
                }

                headers.Add(header);
            }

            place = WholeArchive;
            await CompareDirectoryAsync(expected, headers, reader, issues);
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException)
        {
            issues.Add(Mismatch(place, failure.Message));
        }
    }

    private static List<ExpectedEntry> Expected(ArchiveContract contract, IReadOnlyList<BuiltEntry> built)
    {
        var missing = contract.Entries.Where((entry, i) => i >= built.Count || built[i].Entry != entry).ToList();
        if (missing.Count > 0 || built.Count != contract.Entries.Count)
        {
            throw new ContractBrokenException([.. missing.Select(entry => Mismatch(entry.Path, "not built"))]);
        }

        var expected = built.Select(file =>
            new ExpectedEntry(
                file.Entry.Path, file.Entry.EntryName, file.Entry.Bytes, file.Crc32, ZipFormat.Timestamp(file.Entry.ModifiedAt))).ToList();
        expected.AddRange(AddedEntry.For(contract, built).Select(added =>
            new ExpectedEntry(added.Name, added.Name, added.Content.Length, Crc32.HashToUInt32(added.Content), Timestamp: null)));
        return expected;
    }

    /// <exception cref="InvalidDataException">The data cannot be read, nor what follows.</exception>
    private static async ValueTask<string?> CheckAsync(ExpectedEntry entry, ZipHeader header, ArchiveReader reader, ProgressMeter meter)
    {
        if (HeaderIssue(entry, header) is { } issue)
        {
            // Its lengths may be wrong as well, and with them the position of what follows.
            throw new InvalidDataException(issue);
        }

        var crc = header.Method == ZipFormat.Stored
            ? await ReadStoredAsync(header.Compressed, reader, meter)
            : await ReadInflatedAsync(header, reader, meter);
        meter.FileDone();
        return crc != entry.Crc32 ? "content differs from the source"
            : crc != header.Crc ? "CRC-32 differs from the content"
            : null;
    }

    private static string? HeaderIssue(ExpectedEntry entry, ZipHeader header)
    {
        var isAscii = Ascii.IsValid(header.Name);
        return header switch
        {
            _ when !string.Equals(header.Name, entry.Name, StringComparison.Ordinal) => $"found '{header.Name}' instead of '{entry.Name}'",
            _ when (header.Flags & ZipFormat.DescriptorFlag) != 0 => "has a data descriptor",
            _ when (header.Flags & ZipFormat.Utf8Flag) == 0 && !isAscii => "UTF-8 flag is missing",
            { Method: not (ZipFormat.Stored or ZipFormat.Deflated) } => $"compression method {header.Method}",
            // Archives of earlier versions have none.
            { Timestamp: { } timestamp } when entry.Timestamp is { } promised && timestamp != promised =>
                $"timestamp {timestamp} instead of {promised}",
            _ when header.Uncompressed != entry.Bytes => $"{header.Uncompressed} bytes instead of {entry.Bytes}",
            { Method: ZipFormat.Stored } when header.Compressed != entry.Bytes => $"{header.Compressed} bytes instead of {entry.Bytes}",
            _ => null,
        };
    }

    private static async ValueTask<uint> ReadStoredAsync(long bytes, ArchiveReader reader, ProgressMeter meter)
    {
        var crc = new Crc32();
        for (var left = bytes; left > 0;)
        {
            var chunk = await reader.NextAsync(left);
            if (chunk.IsEmpty)
            {
                throw new EndOfStreamException();
            }

            crc.Append(chunk.Span);
            left -= chunk.Length;
            meter.Add(chunk.Length);
        }

        return crc.GetCurrentHashAsUInt32();
    }

    private static async ValueTask<uint> ReadInflatedAsync(ZipHeader header, ArchiveReader reader, ProgressMeter meter)
    {
        var crc = new Crc32();
        var buffer = ArrayPool<byte>.Shared.Rent(InflateBytes);
        try
        {
            await using var data = new DeflatedData(reader, header.Compressed);
            await using var inflate = new DeflateStream(data, CompressionMode.Decompress, leaveOpen: true);
            long inflated = 0;
            while (inflated <= header.Uncompressed && await inflate.ReadAsync(buffer) is var count && count > 0)
            {
                inflated += count;
                crc.Append(buffer.AsSpan(0, count));
                meter.Add(count);
            }

            return inflated == header.Uncompressed && data.Left == 0
                ? crc.GetCurrentHashAsUInt32()
                : throw new InvalidDataException($"{inflated} bytes instead of {header.Uncompressed}, {data.Left} compressed bytes left");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask CompareDirectoryAsync(
        List<ExpectedEntry> expected, List<ZipHeader> headers, ArchiveReader reader, List<SourceIssue> issues)
    {
        var directoryOffset = reader.Position;
        for (var i = 0; i < headers.Count; i++)
        {
            if (await ZipRecords.ReadCentralAsync(reader) is var central && central != headers[i])
            {
                issues.Add(Mismatch(expected[i].Path, $"directory says {central}, local header says {headers[i]}"));
            }
        }

        await ZipRecords.ReadEndAsync(reader, directoryOffset, headers.Count);
        if (!(await reader.NextAsync(1)).IsEmpty)
        {
            throw new InvalidDataException("something follows the end of the archive");
        }
    }

    private static async ValueTask CompareListAsync(
        List<ExpectedEntry> expected, Stream archive, List<SourceIssue> issues, CancellationToken cancellationToken)
    {
        archive.Position = 0;
        try
        {
            await using var zip = await ZipArchive.CreateAsync(
                archive, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            issues.AddRange(ListIssues(expected, zip.Entries));
        }
        catch (InvalidDataException failure)
        {
            issues.Add(Mismatch(WholeArchive, failure.Message));
        }
    }

    private static IEnumerable<SourceIssue> ListIssues(List<ExpectedEntry> expected, IReadOnlyList<ZipArchiveEntry> listed)
    {
        var missing = expected.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach (var found in listed)
        {
            if (!missing.Remove(found.FullName, out var entry))
            {
                yield return Mismatch(found.FullName, "was not promised, or is listed twice");
            }
            else if (found.Length != entry.Bytes)
            {
                yield return Mismatch(entry.Path, $"listed with {found.Length} bytes instead of {entry.Bytes}");
            }
        }

        foreach (var entry in missing.Values)
        {
            yield return Mismatch(entry.Path, "is not listed");
        }
    }

    private static SourceIssue Mismatch(string path, string detail) => new(path, SourceIssue.Mismatch, detail);

    private sealed record ExpectedEntry(string Path, string Name, long Bytes, uint Crc32, int? Timestamp);
}
