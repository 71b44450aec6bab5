using System.Text;

namespace HeyGemExport.Archives;

/// <summary>Splits a contract into archives that each can be opened alone. No file is split.</summary>
internal static class ArchiveParts
{
    /// <summary>The most parts of a set: each is a file that stays open until the set is verified.</summary>
    public const int MaxParts = 999;

    /// <summary>JSON around one file of the manifest, its line of <c>SHA256SUMS</c> and its line of the set, without its names.</summary>
    private const int ListedBytes = 700;

    private const int FrameBytes = 4096;

    private const int PartLineBytes = 320;

    /// <remarks><c>tooLarge</c> gets the files that do not fit into any part; without a limit there is one archive of any size.</remarks>
    public static IReadOnlyList<ContractEntry> Split(
        IReadOnlyList<ContractEntry> entries,
        CompressionChoice compression,
        long? maxPartBytes,
        bool metadataCsv,
        out IReadOnlyList<ContractEntry> tooLarge)
    {
        tooLarge = [];
        if (maxPartBytes is not { } most)
        {
            return entries;
        }

        // Every part lists the whole set.
        var room = most - ArchiveSize.DirectoryEnd - FrameBytes - entries.Sum(entry => 120L + Listed(entry.EntryName));
        var sizes = entries.Select(entry => ArchiveSize.OfEntry(entry, compression)
            + ListedBytes + (3L * Listed(entry.EntryName)) + Listed(entry.Path)
            + (metadataCsv ? MetadataCsv.RowBytes(entry) : 0)).ToList();
        var parts = 1L + sizes.Sum() / Math.Max(1, room);
        room -= Math.Min(parts * 2, MaxParts) * PartLineBytes;
        tooLarge = [.. entries.Where((_, index) => sizes[index] > room)];
        return tooLarge.Count > 0 ? entries : Assign(entries, sizes, room);
    }

    /// <summary>Parts of <c>….zip</c> are called <c>…_part01of03.zip</c>.</summary>
    public static IReadOnlyList<(string Name, ArchiveContract Contract)> Contracts(
        IReadOnlyList<ContractEntry> entries,
        CompressionChoice compression,
        bool manifest,
        string archiveName,
        DateTimeOffset createdAt,
        IReadOnlyList<SourceIssue> leftOut,
        bool metadataCsv = false)
    {
        var groups = entries.GroupBy(entry => entry.Part).OrderBy(group => group.Key).Select(group => group.ToList()).ToList();
        var parts = groups.Select((files, index) => new ManifestPart(
            index + 1, NameOf(archiveName, index + 1, groups.Count), files.Count, files.Sum(file => file.Bytes))).ToList();
        var set = groups.SelectMany((files, index) => files.Select(file => file with { Part = index + 1 })).ToList();
        return
        [
            .. groups.Select((files, index) => (parts[index].Name, new ArchiveContract(files, compression, Checksums: manifest)
            {
                Manifest = manifest ? new ManifestHeader(parts[index].Name, createdAt, index + 1, parts, set, leftOut) : null,
                MetadataCsv = metadataCsv,
            })),
        ];
    }

    internal static string NameOf(string archiveName, int number, int count)
    {
        if (count == 1)
        {
            return archiveName;
        }

        var digits = Math.Max(2, count.ToString(CultureInfo.InvariantCulture).Length);
        return $"{Path.GetFileNameWithoutExtension(archiveName)}_part{Padded(number)}of{Padded(count)}{Path.GetExtension(archiveName)}";

        string Padded(int value) => value.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    private static List<ContractEntry> Assign(IReadOnlyList<ContractEntry> entries, List<long> sizes, long room)
    {
        var assigned = new List<ContractEntry>(entries.Count);
        var (part, used) = (1, 0L);
        for (var index = 0; index < entries.Count; index++)
        {
            if (used > 0 && used + sizes[index] > room)
            {
                (part, used) = (part + 1, 0);
            }

            used += sizes[index];
            assigned.Add(entries[index] with { Part = part });
        }

        return assigned;
    }

    // In JSON a character may become \uXXXX.
    private static long Listed(string name) => Math.Max(Encoding.UTF8.GetByteCount(name), 2L * name.Length);
}

internal static class ArchiveSize
{
    /// <summary>The most bytes that the archive of a contract can take, headers and directory included.</summary>
    /// <remarks>Deflate adds 5 bytes for each stored block of at least 16 KiB to incompressible data. With
    /// <see cref="CompressionChoice.Auto"/> only files whose sample shrinks are deflated; one whose sample is not representative can exceed
    /// this, by an eighth at most.</remarks>
    public static long UpperBound(ArchiveContract contract) => DirectoryEnd
        + contract.Entries.Sum(entry => OfEntry(entry, contract.Compression))
        + AddedEntry.Sizes(contract).Sum(added => Headers(added.Name) + added.Bytes);

    /// <summary>Bytes at the end of every archive, however many entries it has.</summary>
    internal const long DirectoryEnd = ZipFormat.EndBytes + ZipFormat.Zip64EndBytes + ZipFormat.Zip64LocatorBytes;

    internal static long OfEntry(ContractEntry entry, CompressionChoice compression) =>
        Headers(entry.EntryName) + entry.Bytes + (compression == CompressionChoice.Store ? 0 : DeflateOverhead(entry.Bytes));

    private static long Headers(string entryName) =>
        ZipFormat.LocalHeaderBytes + ZipFormat.Zip64LengthsBytes + ZipFormat.CentralHeaderBytes + ZipFormat.Zip64FullBytes
        + (2L * (ZipFormat.TimestampBytes + Encoding.UTF8.GetByteCount(entryName)));

    private static long DeflateOverhead(long bytes) => (5 * ((bytes / 16_384) + 1)) + 64;
}
