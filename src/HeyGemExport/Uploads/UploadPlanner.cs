using HeyGemExport.Archives;
using HeyGemExport.Exports;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

internal sealed class UploadPlanner(ExportStore exports, InstantArchives instant, IArchiveSources sources)
{
    public async Task<IReadOnlyList<UploadObject>> PlanAsync(Upload upload, Export export, CancellationToken cancellationToken)
    {
        // Each export has a folder of its own for its videos, so that its manifest speaks for no other.
        var folder = ObjectKey.Join(upload.Prefix, Path.GetFileNameWithoutExtension(export.ArchiveName));
        var (content, key) = upload.What == UploadContent.Archive
            ? (Archives(upload, export), ObjectKey.Join(upload.Prefix, $"{export.ArchiveName}.manifest.json"))
            : (await VideosAsync(folder, export, cancellationToken), ObjectKey.Join(folder, "manifest.json"));
        var manifest = UploadManifest.Source(export, content);
        return [.. content, new UploadObject(content.Count, key, Source: null, manifest.Bytes, manifest.Sha256, Arrived: false)];
    }

    internal async Task<IReadOnlyList<ObjectSource>> SourcesAsync(Upload upload, Export export, CancellationToken cancellationToken)
    {
        var content = upload.Objects.Where(item => item.Source is not null).ToList();
        var manifest = UploadManifest.Source(export, content);
        if (upload.What == UploadContent.Archive)
        {
            return [.. content.Select((item, index) => export.Parts[index] is { IsInstant: true } part
                ? new ObjectSource(item.Source!, item.Bytes, item.Sha256, async () =>
                    await instant.OpenAsync(export, part, CancellationToken.None))
                : ObjectSource.Archive(export.Parts[index].Path, item.Source!, item.Bytes, item.Sha256)), manifest];
        }

        var entries = await exports.ReadContractAsync(export.Id, cancellationToken);
        var contract = entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        return [.. content.Select(item => ObjectSource.Video(sources, contract[item.Source!], item.Sha256)), manifest];
    }

    private static List<UploadObject> Archives(Upload upload, Export export) =>
    [
        .. export.Parts.Select((part, index) =>
            new UploadObject(index, ObjectKey.Join(upload.Prefix, part.Name), part.Name, part.Bytes, part.Sha256!, Arrived: false)),
    ];

    private async Task<List<UploadObject>> VideosAsync(string folder, Export export, CancellationToken cancellationToken)
    {
        var packed = await exports.ReadPackedAsync(export.Id, cancellationToken);
        return
        [
            .. packed.Select((file, index) => new UploadObject(
                index, ObjectKey.Join(folder, file.Entry.EntryName), file.Entry.Path, file.Entry.Bytes,
                Convert.ToHexStringLower(file.Sha256), Arrived: false)),
        ];
    }
}
