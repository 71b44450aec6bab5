using HeyGemExport.FileSystem;
using HeyGemExport.Media;

namespace HeyGemExport.Library;

/// <summary>Decides for each listed file whether it is ready, being written or broken. Remembers what it has seen of
/// a file, so that only what changed is read again. Not to be used concurrently.</summary>
internal sealed partial class VideoInspector(
    OutputsRoot root,
    IOptions<LibraryOptions> options,
    TimeProvider time,
    ILogger<VideoInspector> logger)
{
    // Some writers change a file without moving its size and time (a preallocated file on a coarse clock).
    private static readonly TimeSpan BrokenIsAskedAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>When a file that cannot be judged yet is worth another look: no event tells that a program closed it.</summary>
    public static readonly TimeSpan WriterIsAskedAgainAfter = TimeSpan.FromSeconds(5);

    // What nobody changed for longer is finished, even if a program still holds it open: else a forgotten handle withholds it for ever.
    private static readonly TimeSpan WriterIsAskedFor = TimeSpan.FromHours(1);

    // A pause of a writer; what grows after a longer time is another write.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    // What a ZIP archive can hold (APPNOTE.TXT 4.4.6).
    private const int FirstArchiveYear = 1980;
    private const int LastArchiveYear = 2107;

    // Reading a few bytes of many files waits for the disk more than for the processor.
    private const int FilesInspectedAtOnce = 4;

    private readonly double settleSeconds = options.Value.SettleSeconds;
    private readonly Dictionary<string, Observation> observations = new(StringComparer.Ordinal);
    private int look;

    /// <summary>Starts a look: what it does not come across until <see cref="ForgetUnseen"/> is forgotten there.</summary>
    public void BeginLook() => look++;

    public bool WasSeen(string path) => observations.TryGetValue(path, out var seen) && seen.Look == look;

    public void Forget(string path) => observations.Remove(path);

    public void ForgetUnseen()
    {
        foreach (var (path, seen) in observations)
        {
            if (seen.Look != look)
            {
                observations.Remove(path);
            }
        }
    }

    /// <summary>Creates nothing for a file that is as it was; null when this look came across it before.</summary>
    /// <param name="file">The file as it is now.</param>
    public Observation? Observe(ReadOnlySpan<char> path, FileStatus file)
    {
        if (!observations.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var seen))
        {
            seen = new Observation(path.ToString())
            {
                Bytes = file.Bytes, ModifiedAt = file.ModifiedAt, Since = time.GetTimestamp(), Settled = WasOldWhenFirstSeen(file),
            };
            observations.Add(seen.Path, seen);
        }
        else if (seen.Look == look)
        {
            return null;
        }
        else if (seen.Bytes == file.Bytes && seen.ModifiedAt == file.ModifiedAt)
        {
            seen.Settled = seen.Settled || time.GetElapsedTime(seen.Since).TotalSeconds >= SettleSecondsOf(seen);
        }
        else
        {
            seen.Pause = PauseOf(seen, file);
            (seen.Bytes, seen.ModifiedAt, seen.Since) = (file.Bytes, file.ModifiedAt, time.GetTimestamp());
            (seen.Settled, seen.WriterSeenAt, seen.Video, seen.Report) = (settleSeconds == 0, null, null, null);
        }

        seen.Look = look;
        return seen;
    }

    /// <summary>The video, when that can be said without reading the file; null when it must be inspected.</summary>
    /// <param name="inode">The file's, as it is now; null where it is not reliable.</param>
    /// <param name="fault">Why it cannot be examined, or null.</param>
    /// <param name="untilSettled">How long the file must still be unchanged, when it is being written.</param>
    public Video? Judge(Observation seen, Inode? inode, VideoFault? fault, out TimeSpan? untilSettled)
    {
        untilSettled = null;
        if (fault is not null)
        {
            return new Video(seen.Path, seen.Bytes, seen.ModifiedAt, VideoState.Broken, fault);
        }

        if (!seen.Settled)
        {
            untilSettled = TimeSpan.FromSeconds(SettleSecondsOf(seen)) - time.GetElapsedTime(seen.Since);
            return Writing(seen, VideoFaults.Writing(SettleSecondsOf(seen)));
        }

        if (seen.WriterSeenAt is { } asked && time.GetElapsedTime(asked) < WriterIsAskedAgainAfter)
        {
            untilSettled = WriterIsAskedAgainAfter - time.GetElapsedTime(asked);
            return Writing(seen, VideoFaults.OpenForWriting);
        }

        if (seen.Video is not { } video || (video.Fault is not null && time.GetElapsedTime(seen.InspectedAt) >= BrokenIsAskedAgainAfter))
        {
            return null;
        }

        if (inode is not { } now || now == video.Identity?.Inode)
        {
            return video;
        }

        // What only seems to have changed is not read again: packing it tells whether it did.
        var isSameFile = video.Fault is null && (now.Device, now.Number) == (video.Identity?.Inode.Device, video.Identity?.Inode.Number);
        return isSameFile ? seen.Video = video with { Identity = new FileIdentity(now) } : null;
    }

    /// <summary>Reads what settled files hold; those that are gone are left out.</summary>
    /// <param name="isComplete">Whether this look came across every file, so that the others can be what a new name was given to.</param>
    public async Task<IReadOnlyList<Video>> InspectAsync(
        IReadOnlyList<(Observation Seen, FileStatus File)> files, bool isComplete, CancellationToken cancellationToken)
    {
        if (files.Count == 0)
        {
            return [];
        }

        var moved = isComplete ? ReportsOfUnseen() : [];
        var videos = new Video?[files.Count];
        await Parallel.ForAsync(
            0,
            files.Count,
            new ParallelOptions { MaxDegreeOfParallelism = FilesInspectedAtOnce, CancellationToken = cancellationToken },
            async (index, token) => videos[index] = await InspectAsync(files[index].Seen, files[index].File, moved, token));
        return [.. videos.OfType<Video>()];
    }

    private async Task<Video?> InspectAsync(
        Observation seen, FileStatus file, Dictionary<FileVersion, MediaReport> moved, CancellationToken cancellationToken)
    {
        Video video;
        try
        {
            await using var stream = root.OpenRead(seen.Path);
            if (time.GetUtcNow() - seen.ModifiedAt < WriterIsAskedFor && FileWriters.Has(stream.SafeFileHandle) is true)
            {
                seen.WriterSeenAt = time.GetTimestamp();
                return Writing(seen, VideoFaults.OpenForWriting);
            }

            video = Inspect(stream, seen, moved, cancellationToken);
            if (OutputsRoot.StatusOf(stream.SafeFileHandle) is var now && (now.Bytes, now.ModifiedAt) != (seen.Bytes, seen.ModifiedAt))
            {
                // Moved since it was listed: the next look starts its settle time anew.
                return Writing(seen, VideoFaults.Writing(settleSeconds));
            }
        }
        catch (FileNotFoundException)
        {
            seen.Look = 0;
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            video = Failed(seen, file, VideoFaults.Unreadable, exception);
        }
        catch (IOException exception)
        {
            video = Failed(seen, file, VideoFaults.ReadFailed, exception);
        }

        (seen.Video, seen.InspectedAt, seen.WriterSeenAt) = (video, time.GetTimestamp(), null);
        return video;
    }

    private static Video Inspect(
        FileStream stream, Observation seen, Dictionary<FileVersion, MediaReport> moved, CancellationToken cancellationToken)
    {
        var identity = OutputsRoot.Identify(stream.SafeFileHandle);
        if (identity is not null && identity == seen.Video?.Identity && seen.Report is not null)
        {
            return seen.Video;
        }

        // The same file under another name need not be read again; its change time moves with its name.
        if (identity is null || !moved.TryGetValue(FileVersion.Of(identity, seen), out var report))
        {
            report = MediaInspector.Inspect(stream, cancellationToken);
        }

        seen.Report = report;
        return Describe(seen, report, identity);
    }

    private Dictionary<FileVersion, MediaReport> ReportsOfUnseen()
    {
        Dictionary<FileVersion, MediaReport> reports = [];
        foreach (var seen in observations.Values)
        {
            if (seen.Look != look && seen.Report is { Defect: null } report && seen.Video?.Identity is { } identity)
            {
                reports[FileVersion.Of(identity, seen)] = report;
            }
        }

        return reports;
    }

    private static Video Describe(Observation seen, MediaReport report, FileIdentity? identity)
    {
        var (fault, notes) = Explain(report, seen.Path);
        if (seen.ModifiedAt.UtcDateTime.Year is < FirstArchiveYear or > LastArchiveYear)
        {
            notes = [.. notes, VideoFaults.TimeOdd];
        }

        return new Video(
            seen.Path,
            seen.Bytes,
            seen.ModifiedAt,
            fault is null ? VideoState.Ready : VideoState.Broken,
            fault,
            report.Facts?.DurationSeconds,
            report.Facts?.Width,
            report.Facts?.Height) { Media = report.Facts, Notes = notes, Identity = identity };
    }

    private static (VideoFault? Fault, IReadOnlyList<VideoFault> Notes) Explain(MediaReport report, string path)
    {
        var name = ContainerName.OfExtension(Path.GetExtension(path));
        if (report.Defect is { Code: "not-a-container" })
        {
            // A configured extension of another container is taken as it is.
            return name is null
                ? (null, [FaultOf(Findings.NotChecked(Path.GetExtension(path).TrimStart('.')))])
                : (new VideoFault("not-a-container", name), []);
        }

        List<VideoFault> notes = [.. report.Notes.Select(FaultOf)];
        var actual = ContainerName.OfFacts(report.Facts);
        if (report.Defect is null && name is not null && actual is not null && !ContainerName.IsSame(name, actual))
        {
            notes.Insert(0, VideoFaults.NamedOtherwise(actual, name));
        }

        return (report.Defect is { } defect ? FaultOf(defect) : null, notes.Count > 0 ? notes : (IReadOnlyList<VideoFault>)[]);
    }

    // Short names of containers are shown as people write them.
    private static VideoFault FaultOf(MediaFinding finding) =>
        new(finding.Code, [.. finding.Args.Select(arg => arg is string name ? name.ToUpperInvariant() : arg)]);

    private static Video Writing(Observation seen, VideoFault fault) =>
        new(seen.Path, seen.Bytes, seen.ModifiedAt, VideoState.Writing, fault);

    private TimeSpan PauseOf(Observation seen, FileStatus file) =>
        time.GetElapsedTime(seen.Since) is var pause && file.Bytes > seen.Bytes && pause <= LongestPause && pause > seen.Pause
            ? pause
            : seen.Pause;

    // A writer that paused may pause for as long again.
    private double SettleSecondsOf(Observation seen) =>
        settleSeconds == 0 ? 0 : Math.Max(settleSeconds, Math.Ceiling(2 * seen.Pause.TotalSeconds));

    // Only the first look may trust the file's clock, so that a restart shows old videos at once.
    private bool WasOldWhenFirstSeen(FileStatus file) =>
        settleSeconds == 0 || (time.GetUtcNow() - file.ModifiedAt).TotalSeconds >= settleSeconds;

    private Video Failed(Observation seen, FileStatus file, VideoFault fault, Exception exception)
    {
        // A broken video is asked again and again; it is worth one line.
        if (seen.Video?.Fault != fault)
        {
            Log.CannotRead(logger, seen.Path, exception);
        }

        seen.Report = null;
        return new Video(seen.Path, seen.Bytes, seen.ModifiedAt, VideoState.Broken, fault) { Identity = FileIdentity.Of(file.Inode) };
    }

    /// <summary>A file's content, whatever it is called.</summary>
    private readonly record struct FileVersion(ulong Number, UnixTime? Birth, long Bytes, DateTimeOffset ModifiedAt)
    {
        public static FileVersion Of(FileIdentity identity, Observation seen) =>
            new(identity.Inode.Number, identity.Inode.Birth, seen.Bytes, seen.ModifiedAt);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The video {Path} cannot be read")]
        public static partial void CannotRead(ILogger logger, string path, Exception exception);
    }
}
