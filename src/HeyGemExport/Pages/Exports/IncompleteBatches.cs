using HeyGemExport.Exports;
using HeyGemExport.Library;

namespace HeyGemExport.Pages.Exports;

/// <summary>The batches that a selection touches and whose task lists say, or fail to say, that something is missing.</summary>
/// <param name="Batches">Newest first.</param>
public sealed record IncompleteBatches(IReadOnlyList<BatchSummary> Batches)
{
    /// <summary>The most batches that the card shows.</summary>
    public const int MaxShown = 20;

    /// <summary>The most missing videos that the card names of a batch.</summary>
    public const int MaxNamed = 10;

    /// <summary>Looks a selection up in the library as the last scan saw it.</summary>
    public static IncompleteBatches Of(Selection selection, LibraryIndex library)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(library);
        List<BatchSummary> incomplete = [.. library.Current.Batches.Where(batch => batch.Tasks is { IsComplete: false })];
        if (incomplete.Count == 0 || selection.All)
        {
            return new(incomplete);
        }

        var touched = TouchedBy(selection, library);
        return new([.. incomplete.Where(batch => touched.Contains(batch.Name))]);
    }

    private static HashSet<string> TouchedBy(Selection selection, LibraryIndex library)
    {
        var snapshot = library.Current;
        // An empty name is what a form sends for the ungrouped batch.
        HashSet<string> touched = new((selection.Batches ?? []).Select(name => name.Length == 0 ? Video.Ungrouped : name), StringComparer.Ordinal);
        touched.UnionWith((selection.Paths ?? []).Select(snapshot.Find).OfType<Video>().Select(video => video.Batch));
        if (!string.IsNullOrWhiteSpace(selection.Query))
        {
            touched.UnionWith(library.Search(selection.Query).Select(video => video.Batch));
        }

        if (selection.Tags is { Count: > 0 } tags)
        {
            touched.UnionWith(snapshot.Videos.Where(video => video.Tags.Intersect(tags, StringComparer.Ordinal).Any()).Select(video => video.Batch));
        }

        return touched;
    }
}
