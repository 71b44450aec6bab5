using System.Security.Cryptography;
using System.Text;

namespace HeyGemExport.Archives;

/// <summary>The <c>SHA256SUMS</c> entry: one line for each file, as GNU <c>sha256sum</c> writes and reads it.</summary>
/// <remarks>Format: GNU Coreutils manual, "cksum output modes"; a line whose name had to be escaped begins with <c>\</c>.</remarks>
internal static class ChecksumList
{
    public static byte[] Content(IReadOnlyList<BuiltEntry> built, IReadOnlyList<AddedEntry> added)
    {
        var text = new StringBuilder();
        foreach (var entry in built)
        {
            AppendLine(text, entry.Entry.EntryName, entry.Sha256);
        }

        foreach (var entry in added)
        {
            AppendLine(text, entry.Name, SHA256.HashData(entry.Content));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AppendLine(StringBuilder text, string entryName, byte[] hash)
    {
        var name = Escaped(entryName);
        text.Append(name.Length == entryName.Length ? "" : "\\").Append(Convert.ToHexStringLower(hash) + "  " + name + '\n');
    }

    private static string Escaped(string name) => name
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal);
}
