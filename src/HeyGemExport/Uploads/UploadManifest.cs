using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using HeyGemExport.Exports;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

/// <summary>The object that is written last: what was uploaded. Its presence means that all is there.</summary>
/// <remarks>Documented for readers in <c>docs/object-storage.md</c>. The same for the same upload, however often it is written.</remarks>
internal static class UploadManifest
{
    private const int Version = 1;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ContentSource Source(Export export, IReadOnlyList<UploadObject> objects)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("export", export.Id);
            json.WriteString("createdAt", export.CreatedAt);
            json.WriteStartArray("objects");
            foreach (var item in objects)
            {
                json.WriteStartObject();
                json.WriteString("key", item.Key);
                json.WriteString("source", item.Source);
                json.WriteNumber("bytes", item.Bytes);
                json.WriteString("sha256", item.Sha256);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("leftOut");
            foreach (var issue in export.LeftOut)
            {
                json.WriteStartObject();
                json.WriteString("path", issue.Path);
                json.WriteString("reason", issue.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        var content = buffer.ToArray();
        return new ContentSource("manifest.json", content, Convert.ToHexStringLower(SHA256.HashData(content)));
    }
}
