using HeyGemExport.Archives;
using HeyGemExport.Exports;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

internal sealed class UploadPlanner(ExportStore exports, IArchiveSources sources)
{
    public async Task<IReadOnlyList<UploadObject>> PlanAsync(Upload upload, Export export, CancellationToken cancellationToken)
    {
        var content = upload.What == UploadContent.Archive
            ? Archives(upload, export)
            : await VideosAsync(upload, export, cancellationToken);
        var manifest = UploadManifest.Source(export, content);
        var key = ManifestKey(upload, export);
        return [.. content, new UploadObject(content.Count, key, Source: null, manifest.Bytes, manifest.Sha256, Arrived: false)];
    }

    internal async Task<IReadOnlyList<ObjectSource>> SourcesAsync(Upload upload, Export export, CancellationToken cancellationToken)
    {
        var content = upload.Objects.Where(item => item.Source is not null).ToList();
        var manifest = UploadManifest.Source(export, content);
        if (upload.What == UploadContent.Archive)
        {
            return
            [
                .. content.Select((item, index) => new ArchiveSource(export.Parts[index].Path, item.Source!, item.Bytes, item.Sha256)),
                manifest,
            ];
        }

        var contract = (await exports.ReadContractAsync(export.Id, cancellationToken)).ToDictionary(
            entry => entry.Path, StringComparer.Ordinal);
        return [.. content.Select(item => new VideoSource(sources, contract[item.Source!], item.Sha256)), manifest];
    }

    private static List<UploadObject> Archives(Upload upload, Export export) =>
    [
        .. export.Parts.Select((part, index) =>
            new UploadObject(index, ObjectKey.Join(upload.Prefix, part.Name), part.Name, part.Bytes, part.Sha256!, Arrived: false)),
    ];

    private async Task<List<UploadObject>> VideosAsync(Upload upload, Export export, CancellationToken cancellationToken)
    {
        var packed = await exports.ReadPackedAsync(export.Id, cancellationToken);
        return
        [
            .. packed.Select((file, index) => new UploadObject(
                index, ObjectKey.Join(upload.Prefix, FolderOf(export), file.Entry.EntryName), file.Entry.Path, file.Entry.Bytes,
                Convert.ToHexStringLower(file.Sha256), Arrived: false)),
        ];
    }

    private static string ManifestKey(Upload upload, Export export) => upload.What == UploadContent.Archive
        ? ObjectKey.Join(upload.Prefix, $"{export.ArchiveName}.manifest.json")
        : ObjectKey.Join(upload.Prefix, FolderOf(export), "manifest.json");

    /// <summary>Each export has its own, so that its manifest speaks for no other.</summary>
    private static string FolderOf(Export export) => Path.GetFileNameWithoutExtension(export.ArchiveName);
}
