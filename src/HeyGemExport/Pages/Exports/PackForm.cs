using HeyGemExport.Archives;
using HeyGemExport.Exports;
using HeyGemExport.Library;

namespace HeyGemExport.Pages.Exports;

/// <summary>What was picked, or else what the library showed.</summary>
internal sealed class PackForm
{
    public bool All { get; set; }
    public IReadOnlyList<string>? Batches { get; set; }
    public IReadOnlyList<string>? Paths { get; set; }

    /// <summary>Tags, at least one of which a video has.</summary>
    public IReadOnlyList<string>? Tags { get; set; }
    public string? Query { get; set; }

    /// <summary>The library was shown, filtered by what follows; they count if nothing was picked.</summary>
    public bool Shown { get; set; }
    public string? ShownBatch { get; set; }
    public string? ShownText { get; set; }

    /// <summary>Tags, all of which each video has.</summary>
    public IReadOnlyList<string>? ShownTags { get; set; }
    public VideoState? ShownState { get; set; }
    public DateTimeOffset? ShownSince { get; set; }
    public DateTimeOffset? ShownBefore { get; set; }
    public string? Again { get; set; }
    public CompressionChoice Compression { get; set; }
    public bool Checksums { get; set; }
    public bool MetadataCsv { get; set; }
    public bool IncludeBroken { get; set; }
    public bool LeaveOutFailing { get; set; }

    /// <summary>The most bytes of one part; null for one archive.</summary>
    public long? MaxPartBytes { get; set; }
    public bool NewOnly { get; set; }

    /// <summary>What the person calls the archive; empty to name it after its content.</summary>
    public string? Name { get; set; }

    /// <summary>Which of the buttons was clicked.</summary>
    public Delivery Delivery { get; set; }

    /// <summary>Sizes of parts to choose from: 1, 2 and 10 GB, and the largest file on FAT32.</summary>
    public static IReadOnlyList<long> PartSizes { get; } = [1_000_000_000, 2_000_000_000, uint.MaxValue, 10_000_000_000];

    /// <summary>How archives are to look. Not what goes in or where it is sent: that is decided each time.</summary>
    public string Look => FormattableString.Invariant($"{Compression}.{Checksums}.{MetadataCsv}.{MaxPartBytes}");

    public bool HasOptions => ToOptions() with { Delivery = Delivery.Packed, Name = null } != new PackOptions();

    public PackOptions ToOptions() =>
        new(Compression, MetadataCsv, Checksums, MaxPartBytes is > 0 ? MaxPartBytes : null, IncludeBroken, LeaveOutFailing, Delivery, Name);

    public void Repeat(Selection selection, PackOptions options)
    {
        (All, Batches, Tags, Paths, Query, NewOnly) = selection;
        (Compression, MetadataCsv, Checksums, MaxPartBytes, IncludeBroken, LeaveOutFailing, _, _) = options;
        (Shown, Again) = (false, null);
    }

    /// <summary>Takes over a <see cref="Look"/>; nothing where it is none.</summary>
    public void TakeLook(string? look)
    {
        if (look?.Split('.') is [var compression, var checksums, var metadataCsv, var maxPartBytes]
            && Enum.TryParse(compression, out CompressionChoice choice) && Enum.IsDefined(choice)
            && bool.TryParse(checksums, out var hasChecksums) && bool.TryParse(metadataCsv, out var hasMetadata))
        {
            (Compression, Checksums, MetadataCsv) = (choice, hasChecksums, hasMetadata);
            MaxPartBytes = long.TryParse(maxPartBytes, CultureInfo.InvariantCulture, out var bytes) && PartSizes.Contains(bytes)
                ? bytes
                : null;
        }
    }

    /// <summary>Parts of a selection are united, parts of a filter must all match: more than one is looked up video by video.</summary>
    public Selection ToSelection(LibraryIndex library)
    {
        if (All || Batches is { Count: > 0 } || Paths is { Count: > 0 } || Tags is { Count: > 0 } || Query is not null || !Shown)
        {
            return new(All, Batches, Tags, Paths, Query, NewOnly);
        }

        var state = ShownState ?? VideoState.Ready;
        var query = new VideoQuery(ShownBatch, ShownTags, ShownText, state, Since: ShownSince, Before: ShownBefore);
        return (ShownBatch, ShownText, ShownTags ?? [], state) switch
        {
            _ when ShownSince is not null || ShownBefore is not null => Matching(),
            (null, null, [], VideoState.Ready) => new(All: true, NewOnly: NewOnly),
            ({ } batch, null, [], VideoState.Ready) => new(Batches: [batch], NewOnly: NewOnly),
            (null, { } text, [], VideoState.Ready) => new(Query: text, NewOnly: NewOnly),
            (null, null, [var tag], VideoState.Ready) => new(Tags: [tag], NewOnly: NewOnly),
            _ => Matching(),
        };

        Selection Matching() => new(Paths: [.. library.QueryAll(query).Select(video => video.Path)], NewOnly: NewOnly);
    }
}
