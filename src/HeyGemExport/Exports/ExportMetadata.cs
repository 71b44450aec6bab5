using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Library;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Exports;

/// <summary>Lines of a <c>metadata.csv</c> that is no part of an archive, or why there are none.</summary>
/// <param name="entries">A line for each.</param>
/// <param name="refusal">Why it cannot be had, or null.</param>
internal sealed class MetadataLines(IReadOnlyList<ContractEntry> entries, ExportError? refusal)
{
    /// <summary>Why it cannot be had, or null.</summary>
    public ExportError? Refusal => refusal;

    /// <summary>Writes it as it is sent.</summary>
    public Task WriteAsync(Stream target, CancellationToken cancellationToken) => MetadataCsv.WriteAsync(entries, target, cancellationToken);
}

/// <summary><c>metadata.csv</c> without packing. Hashes are known only of what is packed.</summary>
internal sealed class ExportMetadata(ExportPlanner planner)
{
    /// <summary>The media type with its encoding.</summary>
    public const string MediaType = "text/csv; charset=utf-8";

    /// <summary>The name under which it is saved.</summary>
    public const string FileName = "metadata.csv";

    /// <summary>Of what a selection would pack now.</summary>
    public async Task<MetadataLines> OfAsync(Selection selection, PackOptions options, Caller caller, CancellationToken cancellationToken)
    {
        var plan = await planner.PlanAsync(selection, options with { MetadataCsv = true, MaxPartBytes = null }, caller, cancellationToken);
        return new MetadataLines(plan.Entries, plan.Unpackable.Count > 0 ? new ExportError("not-packable", Files: plan.Unpackable) : null);
    }

    /// <summary>Of videos in any state, by path.</summary>
    public static MetadataLines Of(IEnumerable<Video> videos)
    {
        List<Video> sorted = [.. videos.OrderBy(video => video.Path, StringComparer.Ordinal)];
        var names = ArchiveNames.For([.. sorted.Select(video => video.Path)]);
        return new MetadataLines(
            [
                .. sorted.Select((video, index) => new ContractEntry(video.Path, names[index], video.Bytes, video.ModifiedAt) { Metadata = DescribeEntry(video) }),
            ],
            refusal: null);
    }

    /// <summary>What <c>metadata.csv</c> says of a video as the library knows it now.</summary>
    public static EntryMetadata DescribeEntry(Video video) => new(
        string.Join(TagName.Separator, video.Tags),
        video.Media?.Container,
        video.Media?.VideoCodec,
        video.Media?.AudioCodec,
        video.Width,
        video.Height,
        video.Media?.FrameRate,
        video.DurationSeconds,
        video.BitRate);
}
