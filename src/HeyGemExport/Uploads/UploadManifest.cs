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

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ObjectSource Source(Export export, IReadOnlyList<UploadObject> objects)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                version = Version,
                export = export.Id,
                createdAt = export.CreatedAt,
                objects = objects.Select(item => new { key = item.Key, source = item.Source, bytes = item.Bytes, sha256 = item.Sha256 }),
                leftOut = export.LeftOut.Select(issue => new { path = issue.Path, reason = issue.Reason }),
            },
            Readable);
        return ObjectSource.Content("manifest.json", content);
    }
}
