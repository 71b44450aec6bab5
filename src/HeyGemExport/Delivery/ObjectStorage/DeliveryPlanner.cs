using HeyGemExport.Delivery.ObjectStorage.Sending;
using HeyGemExport.Exports;
using HeyGemExport.Library;

namespace HeyGemExport.Delivery.ObjectStorage;

/// <summary>What a delivery consists of: from its export to its objects, and from an object back to what is sent.</summary>
public sealed class DeliveryPlanner(ExportStore exports, OutputsRoot outputs)
{
    /// <summary>The objects, the manifest last.</summary>
    public async Task<IReadOnlyList<DeliveryObject>> PlanAsync(DeliveryRecord delivery, Export export, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(export);
        var content = delivery.What == DeliveredContent.Archive ? Archives(delivery, export) : await VideosAsync(delivery, export, cancellationToken);
        var manifest = DeliveryManifest.Source(export, content);
        return [.. content, new DeliveryObject(content.Count, ManifestKey(delivery, export), Source: null, manifest.Bytes, manifest.Sha256, Arrived: false)];
    }

    /// <summary>What is sent as each object, in their order.</summary>
    internal async Task<IReadOnlyList<ObjectSource>> SourcesAsync(DeliveryRecord delivery, Export export, CancellationToken cancellationToken)
    {
        var content = delivery.Objects.Where(item => item.Source is not null).ToList();
        var manifest = DeliveryManifest.Source(export, content);
        if (delivery.What == DeliveredContent.Archive)
        {
            return [.. content.Select((item, index) => new ArchiveSource(export.Parts[index].Path, item.Source!, item.Bytes, item.Sha256)), manifest];
        }

        var contract = (await exports.ReadContractAsync(export.Id, cancellationToken)).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        return [.. content.Select(item => new VideoSource(outputs, contract[item.Source!], item.Sha256)), manifest];
    }

    private static List<DeliveryObject> Archives(DeliveryRecord delivery, Export export) =>
        [.. export.Parts.Select((part, index) => new DeliveryObject(index, ObjectKey.Join(delivery.Prefix, part.Name), part.Name, part.Bytes, part.Sha256, Arrived: false))];

    private async Task<List<DeliveryObject>> VideosAsync(DeliveryRecord delivery, Export export, CancellationToken cancellationToken)
    {
        var packed = await exports.ReadPackedAsync(export.Id, cancellationToken);
        return
        [
            .. packed.Select((file, index) => new DeliveryObject(
                index, ObjectKey.Join(delivery.Prefix, FolderOf(export), file.Entry.EntryName), file.Entry.Path, file.Entry.Bytes, Convert.ToHexStringLower(file.Sha256), Arrived: false)),
        ];
    }

    private static string ManifestKey(DeliveryRecord delivery, Export export) => delivery.What == DeliveredContent.Archive
        ? ObjectKey.Join(delivery.Prefix, $"{export.ArchiveName}.manifest.json")
        : ObjectKey.Join(delivery.Prefix, FolderOf(export), "manifest.json");

    /// <summary>A folder of the export's own: what another export sent is never mixed with it, and its manifest speaks for no other.</summary>
    private static string FolderOf(Export export) => Path.GetFileNameWithoutExtension(export.ArchiveName);
}
