using System.Text;

namespace HeyGemExport.Archives;

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
        + (2L * Encoding.UTF8.GetByteCount(entryName));

    private static long DeflateOverhead(long bytes) => (5 * ((bytes / 16_384) + 1)) + 64;
}
