using HeyGemExport.Library;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Exports;

/// <summary>The batches that a selection touches and whose task lists say, or fail to say, that something is missing.</summary>
internal static class IncompleteBatches
{
    /// <summary>Looks a selection up in the library as the last scan saw it; newest first.</summary>
    public static IReadOnlyList<BatchSummary> Of(Selection selection, LibraryIndex library)
    {
        List<BatchSummary> incomplete = [.. library.Current.Batches.Where(batch => batch.Tasks is { IsComplete: false })];
        if (incomplete.Count == 0 || selection.All)
        {
            return incomplete;
        }

        var touched = TouchedBy(selection, library);
        return [.. incomplete.Where(batch => touched.Contains(batch.Name))];
    }

    private static HashSet<string> TouchedBy(Selection selection, LibraryIndex library)
    {
        var snapshot = library.Current;
        var touched = selection.BatchNames();
        touched.UnionWith((selection.Paths ?? []).Select(snapshot.Find).OfType<Video>().Select(video => video.Batch));
        if (!string.IsNullOrWhiteSpace(selection.Query))
        {
            touched.UnionWith(library.Search(selection.Query).Select(video => video.Batch));
        }

        if (selection.Tags is { Count: > 0 } tags)
        {
            touched.UnionWith(snapshot.Videos.Where(new TagMatch(tags).HasAny).Select(video => video.Batch));
        }

        return touched;
    }
}
