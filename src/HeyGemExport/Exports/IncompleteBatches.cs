using HeyGemExport.Library;

namespace HeyGemExport.Exports;

/// <summary>The batches of a selection that lack something by their task lists, or whose list cannot be read.</summary>
internal static class IncompleteBatches
{
    /// <summary>Looks a selection up in the library as of the last scan; newest first.</summary>
    public static IReadOnlyList<BatchSummary> Of(Selection selection, LibraryIndex library)
    {
        var snapshot = library.Current;
        List<BatchSummary> incomplete = [.. snapshot.Batches.Where(batch => batch.Tasks is { IsComplete: false })];
        if (incomplete.Count == 0 || selection.All)
        {
            return incomplete;
        }

        var touched = selection.BatchNames();
        var picked = (selection.Paths ?? []).Select(snapshot.Find).OfType<Video>();
        touched.UnionWith(selection.Choose(snapshot).Concat(picked).Select(video => video.Batch));
        return [.. incomplete.Where(batch => touched.Contains(batch.Name))];
    }
}
