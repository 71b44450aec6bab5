using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Library;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Exports;

/// <summary><c>metadata.csv</c> without packing. Hashes are known only of what is packed.</summary>
internal sealed class ExportMetadata(ExportPlanner planner)
{
    public const string MediaType = "text/csv; charset=utf-8";
    public const string FileName = "metadata.csv";

    public async Task<(IReadOnlyList<ContractEntry> Entries, ExportError? Refusal)> OfAsync(
        Selection selection, PackOptions options, Caller caller, CancellationToken cancellationToken)
    {
        var plan = await planner.PlanAsync(selection, options with { MetadataCsv = true, MaxPartBytes = null }, caller, cancellationToken);
        return (plan.Entries, plan.Unpackable.Count > 0 ? new ExportError("not-packable", Files: plan.Unpackable) : null);
    }

    public static IReadOnlyList<ContractEntry> Of(IReadOnlyList<Video> videos)
    {
        var names = ArchiveNames.For([.. videos.Select(video => video.Path)]);
        return [.. videos.Select((video, index) => Describe(video, names[index], identity: null, metadataCsv: true))];
    }

    /// <param name="identity">Which file it is, where the file system tells.</param>
    public static ContractEntry Describe(Video video, string entryName, string? identity, bool metadataCsv) =>
        new(video.Path, entryName, video.Bytes, video.ModifiedAt, identity)
        {
            Metadata = !metadataCsv ? null : new EntryMetadata(
                string.Join(TagName.Separator, video.Tags),
                video.Container,
                video.VideoCodec,
                video.AudioCodec,
                video.Width,
                video.Height,
                video.FrameRate,
                video.DurationSeconds,
                video.BitRate),
        };
}
