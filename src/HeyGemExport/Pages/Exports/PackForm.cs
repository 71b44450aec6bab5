using HeyGemExport.Exports;
using HeyGemExport.Library;

namespace HeyGemExport.Pages.Exports;

/// <summary>What a person asks to have packed, as the forms send it: what they picked, or else what the library showed them.</summary>
public sealed class PackForm
{
    /// <summary>The whole library.</summary>
    public bool All { get; set; }

    /// <summary>Picked batches.</summary>
    public IReadOnlyList<string>? Batches { get; set; }

    /// <summary>Picked videos.</summary>
    public IReadOnlyList<string>? Paths { get; set; }

    /// <summary>A search.</summary>
    public string? Query { get; set; }

    /// <summary>The library was shown, narrowed to the three that follow; counts when nothing was picked.</summary>
    public bool Shown { get; set; }

    /// <summary>The batch that was shown.</summary>
    public string? ShownBatch { get; set; }

    /// <summary>The search that was shown.</summary>
    public string? ShownText { get; set; }

    /// <summary>The state that was shown.</summary>
    public VideoState? ShownState { get; set; }

    /// <summary>An export whose selection is wanted again.</summary>
    public string? Again { get; set; }

    /// <summary>How entries are compressed.</summary>
    public CompressionChoice Compression { get; set; }

    /// <summary>Adds <c>SHA256SUMS</c>.</summary>
    public bool Checksums { get; set; }

    /// <summary>Takes broken videos too.</summary>
    public bool IncludeBroken { get; set; }

    /// <summary>Leaves out what fails instead of failing.</summary>
    public bool LeaveOutFailing { get; set; }

    /// <summary>The most bytes of one part; null for one archive.</summary>
    public long? MaxPartBytes { get; set; }

    /// <summary>Only what the person has not downloaded before.</summary>
    public bool NewOnly { get; set; }

    /// <summary>Sizes of parts to choose from: 1, 2 and 10 GB, and what a FAT32 disk takes in one file.</summary>
    public static IReadOnlyList<long> PartSizes { get; } = [1_000_000_000, 2_000_000_000, uint.MaxValue, 10_000_000_000];

    /// <summary>Whether anything differs from what most people want.</summary>
    public bool HasOptions => Compression != CompressionChoice.Auto || Checksums || IncludeBroken || LeaveOutFailing || MaxPartBytes is not null || NewOnly;

    /// <summary>How it is to be packed.</summary>
    public PackOptions ToOptions() => new(Compression, Checksums: Checksums, MaxPartBytes: MaxPartBytes is > 0 ? MaxPartBytes : null, IncludeBroken: IncludeBroken, LeaveOutFailing: LeaveOutFailing);

    /// <summary>Takes over what another export was asked for.</summary>
    public void Repeat(Export export)
    {
        ArgumentNullException.ThrowIfNull(export);
        All = export.Selection.All;
        Batches = export.Selection.Batches;
        Paths = export.Selection.Paths;
        Query = export.Selection.Query;
        (Shown, Again) = (false, null);
        Compression = export.Options.Compression;
        Checksums = export.Options.Checksums;
        IncludeBroken = export.Options.IncludeBroken;
        LeaveOutFailing = export.Options.LeaveOutFailing;
        MaxPartBytes = export.Options.MaxPartBytes;
        NewOnly = export.Selection.NewOnly;
    }

    /// <summary>What is to be packed. A selection unites its parts, while a filter wants all of them to hold:
    /// a filter of more than one part is therefore looked up in the library, video by video.</summary>
    public Selection ToSelection(LibraryIndex library)
    {
        ArgumentNullException.ThrowIfNull(library);
        return Chosen(library) with { NewOnly = NewOnly };
    }

    private Selection Chosen(LibraryIndex library)
    {
        if (All || Batches is { Count: > 0 } || Paths is { Count: > 0 } || Query is not null || !Shown)
        {
            return new(All, Batches, Paths: Paths, Query: Query);
        }

        return (ShownBatch, ShownText, ShownState ?? VideoState.Ready) switch
        {
            (null, null, VideoState.Ready) => new(All: true),
            ({ } batch, null, VideoState.Ready) => new(Batches: [batch]),
            (null, { } text, VideoState.Ready) => new(Query: text),
            _ => new(Paths: [.. ShownPaths(library)]),
        };
    }

    private IEnumerable<string> ShownPaths(LibraryIndex library)
    {
        var query = new VideoQuery(ShownBatch, Text: ShownText, State: ShownState ?? VideoState.Ready, PageSize: VideoQuery.MaxPageSize);
        while (library.Query(query) is { Items.Count: > 0 } page)
        {
            foreach (var video in page.Items)
            {
                yield return video.Path;
            }

            query = query with { Page = query.Page + 1 };
        }
    }
}
