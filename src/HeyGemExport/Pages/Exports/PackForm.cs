using HeyGemExport.Archives;
using HeyGemExport.Exports;
using HeyGemExport.Library;

namespace HeyGemExport.Pages.Exports;

/// <summary>What a person asks to have packed, as the forms send it: what they picked, or else what the library showed them.</summary>
internal sealed class PackForm
{
    /// <summary>The whole library.</summary>
    public bool All { get; set; }

    /// <summary>Picked batches.</summary>
    public IReadOnlyList<string>? Batches { get; set; }

    /// <summary>Picked videos.</summary>
    public IReadOnlyList<string>? Paths { get; set; }

    /// <summary>Tags, at least one of which a video has.</summary>
    public IReadOnlyList<string>? Tags { get; set; }

    /// <summary>A search.</summary>
    public string? Query { get; set; }

    /// <summary>The library was shown, narrowed to the four that follow; counts when nothing was picked.</summary>
    public bool Shown { get; set; }

    /// <summary>The batch that was shown.</summary>
    public string? ShownBatch { get; set; }

    /// <summary>The search that was shown.</summary>
    public string? ShownText { get; set; }

    /// <summary>The tags that were shown, all of which each video had.</summary>
    public IReadOnlyList<string>? ShownTags { get; set; }

    /// <summary>The state that was shown.</summary>
    public VideoState? ShownState { get; set; }

    /// <summary>An export whose selection is wanted again.</summary>
    public string? Again { get; set; }

    /// <summary>How entries are compressed.</summary>
    public CompressionChoice Compression { get; set; }

    /// <summary>Adds <c>SHA256SUMS</c>.</summary>
    public bool Checksums { get; set; }

    /// <summary>Adds <c>metadata.csv</c>.</summary>
    public bool MetadataCsv { get; set; }

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
    public bool HasOptions => Compression != CompressionChoice.Auto || Checksums || MetadataCsv || IncludeBroken || LeaveOutFailing || MaxPartBytes is not null || NewOnly;

    /// <summary>How it is to be packed.</summary>
    public PackOptions ToOptions() => new(Compression, MetadataCsv, Checksums, MaxPartBytes: MaxPartBytes is > 0 ? MaxPartBytes : null, IncludeBroken: IncludeBroken, LeaveOutFailing: LeaveOutFailing);

    /// <summary>Takes over what another export was asked for.</summary>
    public void Repeat(Export export)
    {
        All = export.Selection.All;
        Batches = export.Selection.Batches;
        Paths = export.Selection.Paths;
        Tags = export.Selection.Tags;
        Query = export.Selection.Query;
        (Shown, Again) = (false, null);
        Compression = export.Options.Compression;
        Checksums = export.Options.Checksums;
        MetadataCsv = export.Options.MetadataCsv;
        IncludeBroken = export.Options.IncludeBroken;
        LeaveOutFailing = export.Options.LeaveOutFailing;
        MaxPartBytes = export.Options.MaxPartBytes;
        NewOnly = export.Selection.NewOnly;
    }

    /// <summary>What is to be packed. A selection unites its parts, while a filter wants all of them to hold:
    /// a filter of more than one part is therefore looked up in the library, video by video.</summary>
    public Selection ToSelection(LibraryIndex library)
    {
        return Chosen(library) with { NewOnly = NewOnly };
    }

    private Selection Chosen(LibraryIndex library)
    {
        if (All || Batches is { Count: > 0 } || Paths is { Count: > 0 } || Tags is { Count: > 0 } || Query is not null || !Shown)
        {
            return new(All, Batches, Tags, Paths, Query);
        }

        return (ShownBatch, ShownText, ShownTags ?? [], ShownState ?? VideoState.Ready) switch
        {
            (null, null, [], VideoState.Ready) => new(All: true),
            ({ } batch, null, [], VideoState.Ready) => new(Batches: [batch]),
            (null, { } text, [], VideoState.Ready) => new(Query: text),
            (null, null, [var tag], VideoState.Ready) => new(Tags: [tag]),
            _ => new(Paths: [.. ShownPaths(library)]),
        };
    }

    private IEnumerable<string> ShownPaths(LibraryIndex library)
    {
        var query = new VideoQuery(ShownBatch, ShownTags, ShownText, ShownState ?? VideoState.Ready);
        return library.QueryAll(query).Select(video => video.Path);
    }
}
