using HeyGemExport.Archives;
using HeyGemExport.Library;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Exports;

/// <summary>What a person wants packed: the union of the parts.</summary>
/// <param name="Batches">Names of batches; <c>.</c> is the ungrouped one.</param>
/// <param name="Paths">Picked videos, relative to the outputs folder with <c>/</c>.</param>
/// <param name="Query">A search, as in the library.</param>
/// <param name="NewOnly">Only those that the person has not downloaded completely before, in their present version.</param>
internal sealed record Selection(
    bool All = false,
    IReadOnlyList<string>? Batches = null,
    IReadOnlyList<string>? Tags = null,
    IReadOnlyList<string>? Paths = null,
    string? Query = null,
    bool NewOnly = false)
{
    /// <summary>The batches by their names in the library: forms send an empty name for the ungrouped one.</summary>
    internal HashSet<string> BatchNames() =>
        (Batches ?? []).Select(name => name.Length == 0 ? Video.Ungrouped : name).ToHashSet(StringComparer.Ordinal);

    /// <summary>What is chosen besides the picked videos, in any state.</summary>
    internal IEnumerable<Video> Choose(LibrarySnapshot snapshot)
    {
        if (All)
        {
            return snapshot.Videos;
        }

        var batches = BatchNames();
        if (!IsSearch)
        {
            return batches.SelectMany(snapshot.InBatch);
        }

        var tags = new TagMatch(Tags ?? []);
        var search = string.IsNullOrWhiteSpace(Query) ? null : new VideoSearch(Query);
        return snapshot.Videos.Where(video => batches.Contains(video.Batch) || tags.HasAny(video) || search?.Matches(video) == true);
    }

    /// <summary>What must be looked at again to know what is selected; null for everything.</summary>
    internal LibraryPart? Part() => All || IsSearch ? null : new(BatchNames(), Paths ?? []);

    private bool IsSearch => Tags is { Count: > 0 } || !string.IsNullOrWhiteSpace(Query);
}

/// <param name="Checksums">Adds <c>SHA256SUMS</c>, which <c>sha256sum -c</c> reads, and <c>manifest.json</c>.</param>
/// <param name="MaxPartBytes">Splits the archive into parts of at most this many bytes; null for one archive.</param>
/// <param name="Delivery">Whether the archive is packed first, or read from the videos while it is downloaded.</param>
/// <param name="Name">What the person who asks calls the archive; null to name it after its content.</param>
/// <param name="LeaveOutFailing">Leaves out and lists what cannot be packed as promised, instead of failing.</param>
internal sealed record PackOptions(
    CompressionChoice Compression = CompressionChoice.Auto,
    bool MetadataCsv = false,
    bool Checksums = false,
    long? MaxPartBytes = null,
    bool IncludeBroken = false,
    bool LeaveOutFailing = false,
    Delivery Delivery = Delivery.Packed,
    string? Name = null)
{
    /// <summary>Whether archives contain a manifest: on request, and whenever an archive alone cannot tell what is missing.</summary>
    public bool HasManifest => Checksums || LeaveOutFailing || MaxPartBytes is not null;
}

internal enum Delivery
{
    Packed,

    /// <summary>Ready at once and without temp space; the videos must stay as they are until the download has ended.</summary>
    Instant,
}
