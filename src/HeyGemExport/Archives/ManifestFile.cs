using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HeyGemExport.Archives;

/// <summary>The <c>manifest.json</c> entry: what the archive holds, where it came from, and what the whole set is.</summary>
/// <remarks>Documented for readers in <c>docs/manifest.md</c>.</remarks>
internal static class ManifestFile
{
    private const string WantedName = "manifest.json";

    private const int Version = 1;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string NameFor(ArchiveContract contract) =>
        ArchiveNames.Unused(WantedName, contract.Entries.Select(entry => entry.EntryName));

    public static byte[] Content(ManifestHeader header, IReadOnlyList<BuiltEntry> built, IReadOnlyList<AddedEntry> added)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("archive", header.ArchiveName);
            json.WriteString("createdAt", header.CreatedAt);
            json.WriteNumber("part", header.Part);
            WriteList(json, "parts", header.Parts, WritePart);
            WriteList(json, "files", built, WriteFile);
            WriteList(json, "added", added, WriteAdded);
            WriteList(json, "leftOut", header.LeftOut, WriteLeftOut);
            WriteList(json, "set", header.Parts.Count > 1 ? header.Set : [], WriteSet);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, ManifestPart part)
    {
        json.WriteNumber("number", part.Number);
        json.WriteString("name", part.Name);
        json.WriteNumber("fileCount", part.FileCount);
        json.WriteNumber("bytes", part.Bytes);
    }

    private static void WriteFile(Utf8JsonWriter json, BuiltEntry file)
    {
        json.WriteString("name", file.Entry.EntryName);
        json.WriteString("path", file.Entry.Path);
        json.WriteNumber("bytes", file.Entry.Bytes);
        json.WriteString("modifiedAt", file.Entry.ModifiedAt);
        json.WriteString("sha256", Convert.ToHexStringLower(file.Sha256));
    }

    private static void WriteAdded(Utf8JsonWriter json, AddedEntry added)
    {
        json.WriteString("name", added.Name);
        json.WriteNumber("bytes", added.Content.Length);
        json.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(added.Content)));
    }

    private static void WriteLeftOut(Utf8JsonWriter json, SourceIssue fault)
    {
        json.WriteString("path", fault.Path);
        json.WriteString("reason", fault.Code);
    }

    private static void WriteSet(Utf8JsonWriter json, ContractEntry entry)
    {
        json.WriteString("name", entry.EntryName);
        json.WriteNumber("part", entry.Part);
        json.WriteNumber("bytes", entry.Bytes);
    }
}
