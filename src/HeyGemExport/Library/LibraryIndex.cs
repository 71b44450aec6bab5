using HeyGemExport.FileSystem;
using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Library;

/// <summary>Kept up to date in the background; reading it costs nothing.</summary>
internal sealed partial class LibraryIndex(
    LibraryScanner scanner,
    VideoInspector inspector,
    OutputsRoot root,
    TaskListReader taskLists,
    TagFileReader tagFiles,
    TagService tags,
    TimeProvider time,
    ILogger<LibraryIndex> logger) : IDisposable
{
    private readonly CancellationTokenSource disposal = new();
    private readonly Lock gate = new();
    private readonly SemaphoreSlim looking = new(1, 1);

    private Task<LibrarySnapshot>? running;
    private Task<LibrarySnapshot>? next;
    private Listing sidecars = new([], []);
    private LibraryTags applied = LibraryTags.None;
    private volatile LibrarySnapshot current = LibrarySnapshot.Empty;

    public LibrarySnapshot Current => current;

    /// <summary>Called under the index's own lock when a look or a tag has changed something: must be quick.</summary>
    public Action<LibrarySnapshot>? Published { get; set; }

    /// <summary>How long until the next file that is being written would have settled; null when none is. As of the last scan.</summary>
    internal TimeSpan? UntilNextSettles { get; private set; }

    /// <summary>Scans everything. Calls at the same time share one scan that began after the call.</summary>
    public Task<LibrarySnapshot> RefreshAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // A scan that already runs may have passed the folder that the caller asks about.
            var scan = running is null ? running = StartScan() : next ??= ScanAfterAsync(running);
            return scan.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Looks at a part again, after the call; at everything where that is not known well enough.</summary>
    public async Task<LibrarySnapshot> RefreshAsync(LibraryPart part, CancellationToken cancellationToken)
    {
        if (current is { ScannedAt: not null, Fault: null })
        {
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, disposal.Token);
            if (await LookAsync(part, stopping.Token) is { } snapshot)
            {
                return snapshot;
            }
        }

        return await RefreshAsync(cancellationToken);
    }

    public VideoPage Query(VideoQuery query) => VideoSearch.Page(current, query);

    public IEnumerable<Video> QueryAll(VideoQuery query) => VideoSearch.Matching(current, query);

    internal void Retag()
    {
        lock (gate)
        {
            if (current.ScannedAt is not null)
            {
                Publish(current, applied.Files, current.ScannedAt);
            }
        }
    }

    public void Dispose()
    {
        disposal.Cancel();
        disposal.Dispose();
        looking.Dispose();
    }

    private Task<LibrarySnapshot> StartScan()
    {
        var stopping = disposal.Token;
        return Task.Run(
            async () =>
            {
                try
                {
                    return (await LookAsync(part: null, stopping))!;
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

    /// <param name="part">What to look at; null for everything.</param>
    /// <returns>Null when a part cannot be looked at, because the outputs folder cannot be listed.</returns>
    private async Task<LibrarySnapshot?> LookAsync(LibraryPart? part, CancellationToken cancellationToken)
    {
        await looking.WaitAsync(cancellationToken);
        try
        {
            return await LookNowAsync(part, cancellationToken);
        }
        finally
        {
            looking.Release();
        }
    }

    private async Task<LibrarySnapshot?> LookNowAsync(LibraryPart? part, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        // Only looks change which videos there are, and one at a time.
        var before = current;
        var (listing, changed) = await ExamineAsync(part, before, cancellationToken);
        if (part is not null && listing.Fault is not null)
        {
            return null;
        }

        var gone = FindGone(part, listing.Fault, before);
        sidecars = part is null ? listing : new Listing(
            [.. sidecars.TaskLists.Where(list => !part.HasBatchOf(list.Path)), .. listing.TaskLists],
            [.. sidecars.TagFiles.Where(file => !part.HasBatchOf(file.Path)), .. listing.TagFiles]);
        var lists = await taskLists.ReadAsync(sidecars.TaskLists, cancellationToken);
        var listedTags = await tagFiles.ReadAsync(sidecars.TagFiles, cancellationToken);
        var after = before.With(changed, gone, listing.Fault, lists);
        if (listing.Fault is null)
        {
            await tags.FollowAsync(after, cancellationToken);
        }

        Log.Looked(logger, after.Videos.Count, changed.Count, gone.Count, (long)time.GetElapsedTime(started).TotalMilliseconds);
        lock (gate)
        {
            // What was tagged meanwhile is in the current one.
            return Publish(
                ReferenceEquals(after, before) ? current : after, listedTags, part is null ? time.GetUtcNow() : current.ScannedAt);
        }
    }

    private async Task<(Listing Listing, List<Video> Changed)> ExamineAsync(
        LibraryPart? part, LibrarySnapshot before, CancellationToken cancellationToken)
    {
        var keepsIdentity = await root.KeepsIdentityAsync(cancellationToken);
        inspector.BeginLook();
        List<Video> changed = [];
        List<(Observation Seen, FileStatus File)> toRead = [];
        TimeSpan? soonest = null;
        var listing = scanner.List(part, OnFound, cancellationToken);
        var read = listing.Fault is null ? await inspector.InspectAsync(toRead, isComplete: part is null, cancellationToken) : [];
        changed.AddRange(read.Where(IsChanged));
        if (part is null)
        {
            UntilNextSettles = listing.Fault is not null ? null
                : read.Any(video => video.State == VideoState.Writing) && !(soonest < VideoInspector.WriterIsAskedAgainAfter)
                    ? VideoInspector.WriterIsAskedAgainAfter
                    : soonest;
        }

        return (listing, listing.Fault is null ? changed : []);

        void OnFound(ReadOnlySpan<char> path, FileStatus file, VideoFault? fault)
        {
            file = keepsIdentity ? file : file with { Inode = null };
            if (inspector.Observe(path, file) is not { } seen)
            {
                return;
            }

            if (inspector.Judge(seen, file.Inode, fault, out var untilSettled) is not { } video)
            {
                toRead.Add((seen, file));
                return;
            }

            soonest = untilSettled is { } wait && !(soonest < wait) ? wait : soonest;
            if (IsChanged(video))
            {
                changed.Add(video);
            }
        }

        bool IsChanged(Video video) =>
            before.Find(video.Path) is not { } known || !(ReferenceEquals(known, video) || known.IsSameFile(video));
    }

    private List<Video> FindGone(LibraryPart? part, VideoFault? fault, LibrarySnapshot before)
    {
        if (fault is not null)
        {
            // They may be back with the folder, and are remembered until then.
            return [.. before.Videos];
        }

        if (part is null)
        {
            inspector.ForgetUnseen();
            return [.. before.Videos.Where(video => !inspector.WasSeen(video.Path))];
        }

        List<Video> gone =
        [
            .. part.Batches.SelectMany(before.InBatch)
                .Concat(part.SinglePaths.Select(before.Find).OfType<Video>())
                .Where(video => !inspector.WasSeen(video.Path)),
        ];
        gone.ForEach(video => inspector.Forget(video.Path));
        return gone;
    }

    private LibrarySnapshot Publish(LibrarySnapshot found, IReadOnlyDictionary<string, TagFile> listedTags, DateTimeOffset? scannedAt)
    {
        lock (gate)
        {
            var isTagged = ReferenceEquals(applied.Present, tags.Present) && LibrarySnapshot.HaveSameValues(applied.Files, listedTags);
            applied = isTagged ? applied : new LibraryTags(tags.Present, listedTags);
            found = isTagged && ReferenceEquals(found, current) ? found : found.With(applied);
            if (ReferenceEquals(found, current) && current.ScannedAt is not null)
            {
                return current = current.ScannedAt == scannedAt ? current : current with { ScannedAt = scannedAt };
            }

            current = found with { Version = current.Version + 1, ScannedAt = scannedAt };
            Published?.Invoke(current);
            return current;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug,
            "Looked at the outputs folder: {Videos} videos, {Changed} changed and {Gone} gone, in {Milliseconds} ms")]
        public static partial void Looked(ILogger logger, int videos, int changed, int gone, long milliseconds);
    }
}
