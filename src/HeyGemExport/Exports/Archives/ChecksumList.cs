using System.Text;

namespace HeyGemExport.Exports.Archives;

/// <summary>The <c>SHA256SUMS</c> entry: one line for each file, as GNU <c>sha256sum</c> writes and reads it.</summary>
/// <remarks>Format: GNU Coreutils manual, "cksum output modes"; a line whose name had to be escaped begins with <c>\</c>.</remarks>
internal static class ChecksumList
{
    private const string WantedName = "SHA256SUMS";

    /// <summary>Hex digits, two spaces, the line's end, and the mark of an escaped name.</summary>
    private const int LineBytes = 64 + 2 + 1 + 1;

    public static string NameFor(ArchiveContract contract) =>
        ArchiveNames.Unused(WantedName, contract.Entries.Select(entry => entry.EntryName));

    public static byte[] Content(IReadOnlyList<BuiltEntry> built)
    {
        var text = new StringBuilder();
        foreach (var entry in built)
        {
            var name = Escaped(entry.Entry.EntryName);
            text.Append(name.Length == entry.Entry.EntryName.Length ? "" : "\\")
                .Append(Convert.ToHexStringLower(entry.Sha256)).Append("  ").Append(name).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Length of the content, known before any hash is.</summary>
    public static long Bytes(ArchiveContract contract) =>
        contract.Entries.Sum(entry => (long)LineBytes + Encoding.UTF8.GetByteCount(Escaped(entry.EntryName)));

    private static string Escaped(string name) => name
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal);
}
