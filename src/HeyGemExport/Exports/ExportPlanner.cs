using System.Security.Cryptography;
using System.Text;
using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Exports.Downloads;
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
internal sealed class ExportPlanner(LibraryIndex library, OutputsRoot outputs, DownloadHistory history)
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
        var downloaded = await history.OfAsync(caller, cancellationToken);
        List<Video> known = [.. packed.Values.Where(downloaded.Contains)];
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

/// <summary>Decides whether a plan may become an export: it is not empty, all that was named can be packed, and there is room.</summary>
internal sealed class ExportPlanValidator(
    ExportStore store, ArchiveFolder folder, ExportProgressBoard board, IOptions<ExportOptions> options)
{
    /// <summary>Bytes that are always left free in the temp directory, so that others there can still write.</summary>
    private const long Reserve = 16L << 20;

    /// <summary>What a small server with one disk packs and verifies, until this node has measured itself.</summary>
    private const double AssumedBytesPerSecond = 150e6;

    public async Task<ExportError?> RefuseAsync(ExportPlan plan, PackOptions pack, CancellationToken cancellationToken) =>
        RefuseContent(plan, pack) ?? await RefuseSpaceAsync(plan.RequiredBytes, cancellationToken);

    public static ExportError? RefuseContent(ExportPlan plan, PackOptions pack) => plan switch
    {
        { Unpackable.Count: > 0 } => new ExportError("not-packable", Files: plan.Unpackable),
        { TooLarge.Count: > 0 } => new ExportError("file-too-large", [Figure(pack.MaxPartBytes ?? 0)], plan.TooLarge),
        { PartCount: > ArchiveParts.MaxParts } => new ExportError("too-many-parts", [], []),
        { Entries.Count: > 0 } => null,
        { Fault: not null } => new ExportError("outputs-unavailable"),
        _ when plan.LeftOut.Any(issue => issue.Reason is "downloaded") => new ExportError("nothing-new"),
        _ => new ExportError("nothing-selected", Files: plan.LeftOut),
    };

    public async Task<ExportError?> RefuseSpaceAsync(long requiredBytes, CancellationToken cancellationToken)
    {
        try
        {
            // The folder may have been removed by a cleaner of temp directories.
            folder.Open();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ExportError("temp-unwritable", [folder.TempPath]);
        }

        var free = folder.FreeBytes() - await store.PromisedBytesAsync(cancellationToken) - Reserve;
        if (options.Value.MaxTempBytes is > 0 and var cap)
        {
            free = Math.Min(free, cap);
        }

        return requiredBytes <= free
            ? null
            : new ExportError("not-enough-space", [Figure(requiredBytes), Figure(Math.Max(0, free)), folder.TempPath]);
    }

    public double EstimateSeconds(ExportPlan plan)
    {
        var speed = board.LastBytesPerSecond is > 0 and var measured ? measured : AssumedBytesPerSecond;
        return Math.Ceiling(plan.TotalBytes / speed);
    }

    private static string Figure(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);
}
