using System.Security.Cryptography;
using System.Text;
using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using HeyGemExport.Library;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Exports;

/// <summary>What a selection comes to at one moment.</summary>
/// <param name="Entries">What would be packed, in order, each with its part.</param>
/// <param name="Versions">The version of each of them (<see cref="FileIdentity.Version"/>); empty where the system does not tell.</param>
/// <param name="Options">How it would be packed.</param>
/// <param name="LeftOut">What belongs to the selection and would not be packed.</param>
/// <param name="Unpackable">What was named and cannot be packed; the request is refused when there is any.</param>
/// <param name="TooLarge">What fits into no part; the request is refused when there is any.</param>
/// <param name="Fault">Why the outputs folder could not be read, or null.</param>
internal sealed record ExportPlan(
    IReadOnlyList<ContractEntry> Entries,
    IReadOnlyList<string> Versions,
    PackOptions Options,
    IReadOnlyList<FileIssue> LeftOut,
    IReadOnlyList<FileIssue> Unpackable,
    IReadOnlyList<FileIssue> TooLarge,
    VideoFault? Fault)
{
    /// <summary>Bytes of all sources.</summary>
    public long TotalBytes { get; } = Entries.Sum(entry => entry.Bytes);

    /// <summary>The most bytes that the archives can take.</summary>
    public long RequiredBytes { get; } = ArchiveParts
        .Contracts(Entries, Options.Compression, Options.HasManifest, archiveName: new string('n', 100), DateTimeOffset.MaxValue, leftOut: [], Options.MetadataCsv)
        .Sum(part => ArchiveSize.UpperBound(part.Contract));

    /// <summary>How many archives it would be.</summary>
    public int PartCount => Entries.Count == 0 ? 1 : Entries[^1].Part;

    /// <summary>
    /// The same for the same files, unchanged, packed in the same way; 64 hex digits. Where the system tells the version
    /// of a file, a change counts also when length and time are what they were.
    /// </summary>
    public string ContentKey()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append($"{Options.Compression}|{Options.HasManifest}|{Options.LeaveOutFailing}|{Options.MaxPartBytes}\n");
        if (Options.MetadataCsv)
        {
            // What the CSV says is as much content of the archive as the videos are.
            Append($"metadata.csv\n");
        }

        for (var index = 0; index < Entries.Count; index++)
        {
            // No path holds a NUL, so two different lists never read the same.
            var entry = Entries[index];
            Append($"{entry.Path}\0{entry.Bytes}\0{entry.ModifiedAt.UtcTicks}\0{entry.Identity}\0{Versions[index]}\0");
            if (entry.Metadata is { } metadata)
            {
                Append($"{ExportJson.Write(metadata)}\0");
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(FormattableString text) => hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(text)));
    }
}

/// <summary>Turns a selection into a contract, from a scan that begins after the request.</summary>
internal sealed class ExportPlanner(LibraryIndex library, OutputsRoot outputs, ExportStore store)
{
    /// <summary>What the selection comes to now.</summary>
    public async Task<ExportPlan> PlanAsync(Selection selection, PackOptions options, Caller caller, CancellationToken cancellationToken)
    {
        using var span = Tracing.Start("plan");
        var snapshot = await library.RefreshAsync(cancellationToken);
        var unpackable = new List<FileIssue>();
        var packed = new Dictionary<string, Video>(StringComparer.Ordinal);
        var leftOut = new List<FileIssue>();

        foreach (var path in (selection.Paths ?? []).Distinct(StringComparer.Ordinal))
        {
            var video = snapshot.Find(path);
            if (Obstacle(video, options) is { } reason)
            {
                unpackable.Add(new FileIssue(path, reason));
            }
            else
            {
                packed[path] = video!;
            }
        }

        foreach (var video in Chosen(selection, snapshot))
        {
            if (Obstacle(video, options) is not { } reason)
            {
                packed[video.Path] = video;
            }
            else if (!unpackable.Exists(issue => string.Equals(issue.Path, video.Path, StringComparison.Ordinal)))
            {
                leftOut.Add(new FileIssue(video.Path, reason));
            }
        }

        if (selection.NewOnly)
        {
            await LeaveOutDownloadedAsync(packed, leftOut, caller, cancellationToken);
        }

        var entries = await FreezeAsync([.. packed.Values.OrderBy(video => video.Path, StringComparer.Ordinal)], options, cancellationToken);
        var split = ArchiveParts.Split([.. entries.Select(entry => entry.Entry)], options.Compression, options.MaxPartBytes, options.MetadataCsv, out var tooLarge);
        return new ExportPlan(
            split, [.. entries.Select(entry => entry.Version)], options, leftOut, unpackable, [.. tooLarge.Select(entry => new FileIssue(entry.Path, "too-large"))], snapshot.Fault);
    }

    private async Task LeaveOutDownloadedAsync(Dictionary<string, Video> packed, List<FileIssue> leftOut, Caller caller, CancellationToken cancellationToken)
    {
        var downloaded = await store.DownloadedByAsync(caller, cancellationToken);
        foreach (var video in packed.Values.Where(video => downloaded.Contains((video.Path, video.Bytes, video.ModifiedAt.UtcTicks))).ToList())
        {
            packed.Remove(video.Path);
            leftOut.Add(new FileIssue(video.Path, "downloaded"));
        }
    }

    private async Task<IReadOnlyList<(ContractEntry Entry, string Version)>> FreezeAsync(List<Video> videos, PackOptions options, CancellationToken cancellationToken)
    {
        var keepsIdentity = await outputs.KeepsIdentityAsync(cancellationToken);
        var names = ArchiveNames.For([.. videos.Select(video => video.Path)]);
        return
        [
            .. videos.Select((video, index) =>
            {
                var identity = keepsIdentity ? outputs.Identify(video.Path) : null;
                return (new ContractEntry(video.Path, names[index], video.Bytes, video.ModifiedAt, identity?.File)
                {
                    Metadata = options.MetadataCsv ? ExportMetadata.DescribeEntry(video) : null,
                }, identity?.Version ?? "");
            }),
        ];
    }

    private static string? Obstacle(Video? video, PackOptions options) => video?.State switch
    {
        null => "not-found",
        VideoState.Writing => "writing",
        VideoState.Broken when !options.IncludeBroken => "broken",
        _ => null,
    };

    /// <summary>What a selection chooses beside the videos that it names, ready or not.</summary>
    internal IEnumerable<Video> Chosen(Selection selection, LibrarySnapshot snapshot)
    {
        if (selection.All)
        {
            return snapshot.Videos;
        }

        var batches = selection.BatchNames();
        var tags = new TagMatch(selection.Tags ?? []);
        var found = string.IsNullOrWhiteSpace(selection.Query)
            ? []
            : library.Search(selection.Query).Select(video => video.Path).ToHashSet(StringComparer.Ordinal);
        return snapshot.Videos.Where(video => batches.Contains(video.Batch) || found.Contains(video.Path) || tags.HasAny(video));
    }
}
