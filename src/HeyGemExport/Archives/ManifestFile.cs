using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HeyGemExport.Archives;

/// <summary>The <c>manifest.json</c> entry, documented in <c>docs/manifest.md</c>.</summary>
internal static class ManifestFile
{
    private const int Version = 1;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Content(ManifestHeader header, IReadOnlyList<BuiltEntry> built, IReadOnlyList<AddedEntry> added) =>
        JsonSerializer.SerializeToUtf8Bytes(new
        {
            Version,
            Archive = header.ArchiveName,
            header.CreatedAt,
            header.Part,
            header.Parts,
            Files = built.Select(file => new
            {
                Name = file.Entry.EntryName,
                file.Entry.Path,
                file.Entry.Bytes,
                file.Entry.ModifiedAt,
                Sha256 = Convert.ToHexStringLower(file.Sha256),
            }),
            Added = added.Select(entry => new
            {
                entry.Name,
                Bytes = entry.Content.Length,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(entry.Content)),
            }),
            LeftOut = header.LeftOut.Select(issue => new { issue.Path, Reason = issue.Code }),
            Set = (header.Parts.Count > 1 ? header.Set : []).Select(entry => new { Name = entry.EntryName, entry.Part, entry.Bytes }),
        }, Readable);
}
