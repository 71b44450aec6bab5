using System.Security.Cryptography;
using System.Text;
using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using HeyGemExport.Library;

namespace HeyGemExport.Exports;

/// <param name="Unpackable">What was named and cannot be packed; the request is refused when there is any.</param>
/// <param name="TooLarge">What fits into no part; the request is refused when there is any.</param>
internal sealed record ExportPlan(
    IReadOnlyList<ContractEntry> Entries,
    PackOptions Options,
    IReadOnlyList<FileIssue> LeftOut,
    IReadOnlyList<FileIssue> Unpackable,
    IReadOnlyList<FileIssue> TooLarge,
    VideoFault? Fault)
{
    public long TotalBytes { get; } = Entries.SumBytes(entry => entry.Bytes);

    public long RequiredBytes { get; } = Options.Delivery == Delivery.Instant ? 0
        : IsBeyondAnyDisk(Entries.SumBytes(entry => entry.Bytes)) ? long.MaxValue
        : ArchiveParts
            .Contracts(
                Entries,
                Options.Compression,
                Options.HasManifest,
                archiveName: new string('n', 100),
                DateTimeOffset.MaxValue,
                leftOut: [],
                Options.MetadataCsv)
            .Sum(part => ArchiveSize.UpperBound(part.Contract));

    /// <summary>Whether the size of an archive of so many bytes may not fit into 64 bits: a few sparse files are enough for that.</summary>
    public static bool IsBeyondAnyDisk(long bytes) => bytes > long.MaxValue / 2;

    public int PartCount => Entries.Count == 0 ? 1 : Entries[^1].Part;

    /// <summary>Identical for the same unchanged files packed in the same way; 64 hex digits. Where the file system has versions, a change
    /// counts even if length and time are the same.</summary>
    public string ContentKey()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append($"{Options.Compression}|{Options.HasManifest}|{Options.LeaveOutFailing}|{Options.MaxPartBytes}\n");
        if (Options.Delivery == Delivery.Instant)
        {
            Append($"instant\n");
        }

        if (Options.MetadataCsv)
        {
            // The CSV is content of the archive as much as the videos are.
            Append($"metadata.csv\n");
        }

        // Not in the order of names, which differs between versions of ICU.
        foreach (var entry in Entries.OrderBy(entry => entry.Path, StringComparer.Ordinal))
        {
            // No path holds a NUL, so two different lists never read the same.
            var changed = entry.Version?[(entry.Version.LastIndexOf(':') + 1)..];
            Append($"{entry.Path}\0{entry.Bytes}\0{entry.ModifiedAt.UtcTicks}\0{entry.Identity}\0{changed}\0");
            if (entry.Metadata is { } metadata)
            {
                Append($"{ExportJson.Write(metadata)}\0");
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(FormattableString text) => hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(text)));
    }
}

/// <summary>Turns a selection into a contract, from a look at what is selected that begins after the request.</summary>
internal sealed class ExportPlanner(LibraryIndex library, OutputsRoot outputs, ExportStore store)
{
    public async Task<ExportPlan> PlanAsync(Selection selection, PackOptions options, Caller caller, CancellationToken cancellationToken)
    {
        using var span = Tracing.Start("plan");
        var snapshot = selection.Part() is { } part
            ? await library.RefreshAsync(part, cancellationToken)
            : await library.RefreshAsync(cancellationToken);
        var unpackable = new List<FileIssue>();
        var packed = new Dictionary<string, Video>(StringComparer.Ordinal);
        var leftOut = new List<FileIssue>();

        var named = (selection.Paths ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var path in named)
        {
            var video = snapshot.Find(path);
            if (ReasonAgainst(video, options) is { } reason)
            {
                unpackable.Add(new FileIssue(path, reason));
            }
            else
            {
                packed[path] = video!;
            }
        }

        foreach (var video in selection.Choose(snapshot))
        {
            if (ReasonAgainst(video, options) is not { } reason)
            {
                packed[video.Path] = video;
            }
            else if (!named.Contains(video.Path))
            {
                leftOut.Add(new FileIssue(video.Path, reason));
            }
        }

        if (selection.NewOnly)
        {
            await LeaveOutDownloadedAsync(packed, leftOut, caller, cancellationToken);
        }

        var videos = snapshot.InNameOrder(packed);
        var keepsIdentity = await outputs.KeepsIdentityAsync(cancellationToken);
        var entries = Freeze(videos, options, keepsIdentity);
        IReadOnlyList<ContractEntry> tooLarge = [];
        return new ExportPlan(
            ExportPlan.IsBeyondAnyDisk(videos.SumBytes(video => video.Bytes))
                ? entries
                : ArchiveParts.Split(entries, options.Compression, options.MaxPartBytes, options.MetadataCsv, out tooLarge),
            options,
            leftOut,
            unpackable,
            [.. tooLarge.Select(entry => new FileIssue(entry.Path, "too-large"))],
            snapshot.Fault);
    }

    private async Task LeaveOutDownloadedAsync(
        Dictionary<string, Video> packed, List<FileIssue> leftOut, Caller caller, CancellationToken cancellationToken)
    {
        var downloaded = await store.DownloadedByAsync(caller, cancellationToken);
        List<Video> known = [.. packed.Values.Where(video => downloaded.Contains((video.Path, video.Bytes, video.ModifiedAt.UtcTicks)))];
        foreach (var video in known)
        {
            packed.Remove(video.Path);
            leftOut.Add(new FileIssue(video.Path, "downloaded"));
        }
    }

    private static ContractEntry[] Freeze(Video[] videos, PackOptions options, bool keepsIdentity)
    {
        var names = ArchiveNames.For(Array.ConvertAll(videos, video => video.Path));
        return
        [
            .. videos.Select((video, index) =>
            {
                var identity = keepsIdentity ? video.Identity : null;
                return ExportMetadata.Describe(video, names[index], identity?.File, options.MetadataCsv) with
                {
                    Version = identity?.Content,
                };
            }),
        ];
    }

    private static string? ReasonAgainst(Video? video, PackOptions options) => video?.State switch
    {
        null => "not-found",
        VideoState.Writing => "writing",
        VideoState.Broken when !options.IncludeBroken => "broken",
        _ => null,
    };
}
