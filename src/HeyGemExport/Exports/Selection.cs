using HeyGemExport.Archives;
using HeyGemExport.Library;

namespace HeyGemExport.Exports;

/// <summary>What a person wants packed; the parts are united.</summary>
/// <param name="All">The whole library.</param>
/// <param name="Batches">Names of batches; <c>.</c> is the ungrouped one.</param>
/// <param name="Tags">Tags of videos or batches.</param>
/// <param name="Paths">Picked videos, relative to the outputs folder with <c>/</c>.</param>
/// <param name="Query">A search, as in the library.</param>
/// <param name="NewOnly">Of all these only what the person has not downloaded whole before, as it is now.</param>
internal sealed record Selection(
    bool All = false,
    IReadOnlyList<string>? Batches = null,
    IReadOnlyList<string>? Tags = null,
    IReadOnlyList<string>? Paths = null,
    string? Query = null,
    bool NewOnly = false)
{
    /// <summary>The batches by their names in the library: an empty name is what a form sends for the ungrouped one.</summary>
    internal HashSet<string> BatchNames() =>
        (Batches ?? []).Select(name => name.Length == 0 ? Video.Ungrouped : name).ToHashSet(StringComparer.Ordinal);
}

/// <summary>How a selection is packed.</summary>
/// <param name="Compression">How entries are compressed.</param>
/// <param name="MetadataCsv">Adds <c>metadata.csv</c>.</param>
/// <param name="Checksums">Adds <c>SHA256SUMS</c>, which <c>sha256sum -c</c> reads, and <c>manifest.json</c>.</param>
/// <param name="MaxPartBytes">Splits the archive into parts of at most this many bytes; null for one archive.</param>
/// <param name="IncludeBroken">Takes broken videos too.</param>
/// <param name="LeaveOutFailing">Leaves out, and lists, what cannot be packed as promised, instead of failing.</param>
internal sealed record PackOptions(
    CompressionChoice Compression = CompressionChoice.Auto,
    bool MetadataCsv = false,
    bool Checksums = false,
    long? MaxPartBytes = null,
    bool IncludeBroken = false,
    bool LeaveOutFailing = false)
{
    /// <summary>Whether archives say themselves what they hold: on request, and where one alone would not tell what is missing.</summary>
    public bool HasManifest => Checksums || LeaveOutFailing || MaxPartBytes is not null;
}
