using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Library;

/// <summary>Kept up to date in the background; reading it costs nothing.</summary>
internal sealed partial class LibraryIndex(
    LibraryScanner scanner,
    VideoInspector inspector,
    TaskListReader taskLists,
    TagFileReader tagFiles,
    TagService tags,
    TimeProvider time,
    ILogger<LibraryIndex> logger) : IDisposable
{
    // Reading a few bytes of many files waits for the disk more than for the processor.
    private const int FilesInspectedAtOnce = 4;

    private readonly CancellationTokenSource disposal = new();
    private readonly Lock gate = new();

    private Task<LibrarySnapshot>? running;
    private Task<LibrarySnapshot>? next;
    private volatile LibrarySnapshot current = LibrarySnapshot.Empty;

    public LibrarySnapshot Current => current;

    /// <summary>Called under the index's own lock when a scan or a tag has changed something: must be quick.</summary>
    public Action<LibrarySnapshot>? Published { get; set; }

    /// <summary>How long until the next file that is being written would have settled; null when none is.</summary>
    internal TimeSpan? UntilNextSettles { get; private set; }

    /// <summary>Calls at the same time share one scan that began after the call.</summary>
    public Task<LibrarySnapshot> RefreshAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // A scan that already runs may have passed the folder that the caller asks about.
            var scan = running is null ? running = StartScan() : next ??= ScanAfterAsync(running);
            return scan.WaitAsync(cancellationToken);
        }
    }

    public VideoPage Query(VideoQuery query) => VideoSearch.Page(current.Videos, query);

    public IEnumerable<Video> QueryAll(VideoQuery query) => VideoSearch.Matching(current.Videos, query);

    internal void Retag()
    {
        lock (gate)
        {
            if (current.ScannedAt is { } scannedAt)
            {
                Publish(current.Videos, current.Fault, current.TaskLists, current.Tags.Files, scannedAt);
            }
        }
    }

    public void Dispose()
    {
        disposal.Cancel();
        disposal.Dispose();
    }

    private Task<LibrarySnapshot> StartScan()
    {
        var stopping = disposal.Token;
        return Task.Run(
            async () =>
            {
                try
                {
                    return await ScanAsync(stopping);
                }
                finally
                {
                    lock (gate)
                    {
                        (running, next) = (next, null);
                    }
                }
            },
            stopping);
    }

    private async Task<LibrarySnapshot> ScanAfterAsync(Task<LibrarySnapshot> scan)
    {
        await ((Task)scan).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        return await StartScan();
    }

    private async Task<LibrarySnapshot> ScanAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var listing = scanner.List(cancellationToken);
        List<Video> videos = new(listing.Files.Count);
        if (listing.Fault is null)
        {
            await InspectAllAsync(listing.Files, videos, cancellationToken);
        }
        else
        {
            UntilNextSettles = null;
        }

        var lists = await taskLists.ReadAsync(listing.TaskLists, cancellationToken);
        var listedTags = await tagFiles.ReadAsync(listing.TagFiles, cancellationToken);
        if (listing.Fault is null)
        {
            await tags.FollowAsync(videos, cancellationToken);
        }

        var snapshot = Publish(videos, listing.Fault, lists, listedTags, time.GetUtcNow());
        Log.Scanned(logger, videos.Count, (long)time.GetElapsedTime(started).TotalMilliseconds);
        return snapshot;
    }

    private async Task InspectAllAsync(IReadOnlyList<ListedFile> files, List<Video> videos, CancellationToken cancellationToken)
    {
        inspector.BeginScan();
        TimeSpan? soonest = null;
        List<ListedFile> toRead = [];
        foreach (var file in files)
        {
            if (inspector.Judge(file, out var untilSettled) is { } video)
            {
                videos.Add(video);
                soonest = untilSettled is { } wait && (soonest is null || wait < soonest) ? wait : soonest;
            }
            else
            {
                toRead.Add(file);
            }
        }

        var read = new Video?[toRead.Count];
        await Parallel.ForAsync(
            0,
            toRead.Count,
            new ParallelOptions { MaxDegreeOfParallelism = FilesInspectedAtOnce, CancellationToken = cancellationToken },
            async (index, token) => read[index] = await inspector.InspectAsync(toRead[index], token));
        videos.AddRange(read.OfType<Video>());
        inspector.ForgetUnseen();
        UntilNextSettles = read.Any(video => video is { State: VideoState.Writing }) && !(soonest < VideoInspector.WriterIsAskedAgainAfter)
            ? VideoInspector.WriterIsAskedAgainAfter
            : soonest;
    }

    private LibrarySnapshot Publish(
        IReadOnlyList<Video> videos,
        VideoFault? fault,
        IReadOnlyDictionary<string, TaskList> lists,
        IReadOnlyDictionary<string, TagFile> listedTags,
        DateTimeOffset scannedAt)
    {
        lock (gate)
        {
            var before = current;
            var applied = new LibraryTags(tags.Present, listedTags);
            List<Video> tagged = [.. videos.Select(applied.Apply)];
            if (IsSame(before, tagged, fault) && IsSame(before.TaskLists, lists) && before.Batches.All(batch => IsSame(batch, applied)))
            {
                return current = before with { ScannedAt = scannedAt };
            }

            current = new LibrarySnapshot(before.Version + 1, tagged, scannedAt, fault, lists, applied);
            Published?.Invoke(current);
            return current;
        }
    }

    private static bool IsSame(LibrarySnapshot before, List<Video> videos, VideoFault? fault) =>
        before.ScannedAt is not null
        && IsSame(before.Fault, fault)
        && before.Videos.Count == videos.Count
        && videos.TrueForAll(video => before.Find(video.Path) is { } seen && IsSame(seen, video));

    private static bool IsSame(BatchSummary before, LibraryTags applied) =>
        before.Tags.SequenceEqual(applied.OfBatch(before.Name)) && before.TagFileIssue == applied.IssueOf(before.Name);

    private static bool IsSame(IReadOnlyDictionary<string, TaskList> before, IReadOnlyDictionary<string, TaskList> lists) =>
        before.Count == lists.Count
        && lists.All(list => before.TryGetValue(list.Key, out var seen) && ReferenceEquals(seen, list.Value));

    private static bool IsSame(Video one, Video other) =>
        IsSame(one.Fault, other.Fault)
        && one.AppliedTags.SequenceEqual(other.AppliedTags)
        && one.Notes.Count == other.Notes.Count
        && one.Notes.Zip(other.Notes).All(pair => IsSame(pair.First, pair.Second))
        && one with { Fault = null, AppliedTags = [], Notes = [] } == other with { Fault = null, AppliedTags = [], Notes = [] };

    private static bool IsSame(VideoFault? one, VideoFault? other) =>
        string.Equals(one?.Code, other?.Code, StringComparison.Ordinal) && (one?.Args ?? []).SequenceEqual(other?.Args ?? []);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Scanned the outputs folder: {Videos} videos in {Milliseconds} ms")]
        public static partial void Scanned(ILogger logger, int videos, long milliseconds);
    }
}
