using System.Collections.Concurrent;
using HeyGemExport.FileSystem;
using HeyGemExport.Media;

namespace HeyGemExport.Library;

/// <summary>Decides for each listed file whether it is ready, being written or broken. Remembers what it has seen of
/// a file, so that only what changed is read again.</summary>
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

    private readonly double settleSeconds = options.Value.SettleSeconds;
    private readonly ConcurrentDictionary<string, Observation> observations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FileVersion, MediaReport> reports = new();
    private int scan;

    /// <summary>Starts a scan: what is not seen until <see cref="ForgetUnseen"/> is forgotten there.</summary>
    public void BeginScan() => Interlocked.Increment(ref scan);

    /// <summary>Forgets the files that were not seen since <see cref="BeginScan"/>.</summary>
    public void ForgetUnseen()
    {
        foreach (var (path, observation) in observations)
        {
            if (observation.Scan != scan)
            {
                observations.TryRemove(path, out _);
            }
        }

        if (reports.Count > observations.Count)
        {
            var known = observations.Values.Select(observation => observation.Inspection?.Version).ToHashSet();
            foreach (var version in reports.Keys.Where(version => !known.Contains(version)))
            {
                reports.TryRemove(version, out _);
            }
        }
    }

    /// <summary>The video, when that can be said without reading the file; null when it must be inspected.</summary>
    /// <param name="file">The file as it is now.</param>
    /// <param name="untilSettled">How long the file must still stand, when it is being written.</param>
    public Video? Judge(ListedFile file, out TimeSpan? untilSettled)
    {
        untilSettled = null;
        if (file.Fault is not null)
        {
            return new Video(file.Path, file.Bytes, file.ModifiedAt, VideoState.Broken, file.Fault);
        }

        var observation = Observe(file);
        if (!observation.Settled)
        {
            untilSettled = TimeSpan.FromSeconds(SettleSecondsOf(observation)) - time.GetElapsedTime(observation.Since);
            return Writing(file, VideoFaults.Writing(SettleSecondsOf(observation)));
        }

        if (observation.WriterSeenAt is { } asked && time.GetElapsedTime(asked) < WriterIsAskedAgainAfter)
        {
            untilSettled = WriterIsAskedAgainAfter - time.GetElapsedTime(asked);
            return Writing(file, VideoFaults.OpenForWriting);
        }

        var isKnown = observation.Inspection is { } inspection
            && (inspection.Fault is null || time.GetElapsedTime(observation.InspectedAt) < BrokenIsAskedAgainAfter);
        return isKnown ? Describe(file, observation.Inspection!) : null;
    }

    /// <summary>Reads what a settled file holds; null when the file is gone.</summary>
    public async Task<Video?> InspectAsync(ListedFile file, CancellationToken cancellationToken)
    {
        Inspection inspection;
        try
        {
            await using var stream = root.OpenRead(file.Path);
            if (time.GetUtcNow() - file.ModifiedAt < WriterIsAskedFor && FileWriters.Has(stream.SafeFileHandle) is true)
            {
                Update(file, seen => seen with { WriterSeenAt = time.GetTimestamp() });
                return Writing(file, VideoFaults.OpenForWriting);
            }

            inspection = Inspect(stream, file, cancellationToken);
            if (RandomAccess.GetLength(stream.SafeFileHandle) != file.Bytes
                || File.GetLastWriteTimeUtc(stream.SafeFileHandle) != file.ModifiedAt.UtcDateTime)
            {
                // Moved since it was listed: the next look starts its settle time anew.
                return Writing(file, VideoFaults.Writing(settleSeconds));
            }
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            inspection = Failed(file, VideoFaults.Unreadable, exception);
        }
        catch (IOException exception)
        {
            inspection = Failed(file, VideoFaults.ReadFailed, exception);
        }

        Update(file, seen => seen with { Inspection = inspection, InspectedAt = time.GetTimestamp(), WriterSeenAt = null });
        return Describe(file, inspection);
    }

    private Inspection Inspect(FileStream stream, ListedFile file, CancellationToken cancellationToken)
    {
        var identity = OutputsRoot.Identify(stream.SafeFileHandle);
        if (identity is null)
        {
            return Explain(MediaInspector.Inspect(stream, cancellationToken), file.Path);
        }

        if (observations.TryGetValue(file.Path, out var seen) && seen.Inspection is { Identity: { } before } same && before == identity)
        {
            return same;
        }

        // The same file under another name need not be read again; its change time moves with its name.
        var version = new FileVersion(identity.File, identity.Birth, file.Bytes, file.ModifiedAt);
        if (!reports.TryGetValue(version, out var report))
        {
            report = MediaInspector.Inspect(stream, cancellationToken);
        }

        if (report.Defect is null)
        {
            reports[version] = report;
        }

        return Explain(report, file.Path) with { Identity = identity, Version = version };
    }

    private static Inspection Explain(MediaReport report, string path)
    {
        var name = ContainerName.OfExtension(Path.GetExtension(path));
        if (report.Defect is { Code: "not-a-container" })
        {
            // A configured extension of another container is taken as it is.
            return name is null
                ? new Inspection(null, null, [FaultOf(Findings.NotChecked(Path.GetExtension(path).TrimStart('.')))])
                : new Inspection(null, new VideoFault("not-a-container", name));
        }

        List<VideoFault> notes = [.. report.Notes.Select(FaultOf)];
        var actual = ContainerName.OfFacts(report.Facts);
        if (report.Defect is null && name is not null && actual is not null && !ContainerName.IsSame(name, actual))
        {
            notes.Insert(0, VideoFaults.NamedOtherwise(actual, name));
        }

        return new Inspection(report.Facts, report.Defect is { } defect ? FaultOf(defect) : null, notes.Count > 0 ? notes : null);
    }

    // Short names of containers are shown as people write them.
    private static VideoFault FaultOf(MediaFinding finding) =>
        new(finding.Code, [.. finding.Args.Select(arg => arg is string name ? name.ToUpperInvariant() : arg)]);

    private static Video Describe(ListedFile file, Inspection inspection) => new(
        file.Path,
        file.Bytes,
        file.ModifiedAt,
        inspection.Fault is null ? VideoState.Ready : VideoState.Broken,
        inspection.Fault,
        inspection.Facts?.DurationSeconds,
        inspection.Facts?.Width,
        inspection.Facts?.Height) { Media = inspection.Facts, Notes = inspection.Notes ?? [] };

    private static Video Writing(ListedFile file, VideoFault fault) =>
        new(file.Path, file.Bytes, file.ModifiedAt, VideoState.Writing, fault);

    private Observation Observe(ListedFile file) => observations.AddOrUpdate(
        file.Path,
        _ => new Observation(file.Bytes, file.ModifiedAt, time.GetTimestamp(), WasOldWhenFirstSeen(file), scan),
        (_, seen) => seen.Bytes == file.Bytes && seen.ModifiedAt == file.ModifiedAt
            ? seen with { Settled = seen.Settled || time.GetElapsedTime(seen.Since).TotalSeconds >= SettleSecondsOf(seen), Scan = scan }
            : new Observation(file.Bytes, file.ModifiedAt, time.GetTimestamp(), settleSeconds == 0, scan) { Pause = PauseOf(seen, file) });

    private TimeSpan PauseOf(Observation seen, ListedFile file) =>
        time.GetElapsedTime(seen.Since) is var pause && file.Bytes > seen.Bytes && pause <= LongestPause && pause > seen.Pause
            ? pause
            : seen.Pause;

    // A writer that paused may pause for as long again.
    private double SettleSecondsOf(Observation observation) =>
        settleSeconds == 0 ? 0 : Math.Max(settleSeconds, Math.Ceiling(2 * observation.Pause.TotalSeconds));

    // Only the first look may trust the file's clock, so that a restart shows old videos at once.
    private bool WasOldWhenFirstSeen(ListedFile file) =>
        settleSeconds == 0 || (time.GetUtcNow() - file.ModifiedAt).TotalSeconds >= settleSeconds;

    private Inspection Failed(ListedFile file, VideoFault fault, Exception exception)
    {
        // A broken video is asked again and again; it is worth one line.
        if (!observations.TryGetValue(file.Path, out var seen) || seen.Inspection?.Fault != fault)
        {
            Log.CannotRead(logger, file.Path, exception);
        }

        return new Inspection(null, fault);
    }

    private void Update(ListedFile file, Func<Observation, Observation> change)
    {
        if (observations.TryGetValue(file.Path, out var seen) && seen.Bytes == file.Bytes && seen.ModifiedAt == file.ModifiedAt)
        {
            observations.TryUpdate(file.Path, change(seen), seen);
        }
    }

    /// <summary>What was found in a file, and in which one.</summary>
    private sealed record Inspection(MediaFacts? Facts, VideoFault? Fault, IReadOnlyList<VideoFault>? Notes = null,
        FileIdentity? Identity = null, FileVersion? Version = null);

    /// <summary>A file's content, whatever it is called.</summary>
    private sealed record FileVersion(string File, string? Birth, long Bytes, DateTimeOffset ModifiedAt);

    private sealed record Observation(long Bytes, DateTimeOffset ModifiedAt, long Since, bool Settled, int Scan)
    {
        /// <summary>The longest time after which it was seen to grow.</summary>
        public TimeSpan Pause { get; init; }

        public long? WriterSeenAt { get; init; }

        public Inspection? Inspection { get; init; }

        public long InspectedAt { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The video {Path} cannot be read")]
        public static partial void CannotRead(ILogger logger, string path, Exception exception);
    }
}
