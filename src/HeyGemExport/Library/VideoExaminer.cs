using System.Collections.Concurrent;
using HeyGemExport.FileSystem;
using HeyGemExport.Library.Containers;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Library;

/// <summary>Decides for each listed file whether it is ready, being written or broken. Remembers what it has seen of
/// a file, so that only what changed is read again.</summary>
internal sealed partial class VideoExaminer(
    OutputsRoot root,
    IOptions<LibraryOptions> options,
    TimeProvider time,
    ILogger<VideoExaminer> logger)
{
    // Some writers change a file without moving its size and time (a preallocated file on a coarse clock).
    private static readonly TimeSpan BrokenIsAskedAgainAfter = TimeSpan.FromSeconds(30);

    private readonly double settleSeconds = options.Value.SettleSeconds;
    private readonly ConcurrentDictionary<string, Observation> observations = new(StringComparer.Ordinal);
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
    }

    /// <summary>The video, when that can be said without reading the file; null when it must be examined.</summary>
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
            untilSettled = TimeSpan.FromSeconds(settleSeconds) - time.GetElapsedTime(observation.Since);
            return Writing(file);
        }

        var isKnown = observation.Facts is { } facts
            && (facts.Fault is null || time.GetElapsedTime(observation.ExaminedAt) < BrokenIsAskedAgainAfter);
        return isKnown ? Describe(file, observation.Facts!) : null;
    }

    /// <summary>Reads a settled file's structure; null when the file is gone.</summary>
    public async Task<Video?> ExamineAsync(ListedFile file, CancellationToken cancellationToken)
    {
        ContainerFacts facts;
        try
        {
            await using var stream = root.OpenRead(file.Path);
            if (RandomAccess.GetLength(stream.SafeFileHandle) != file.Bytes || File.GetLastWriteTimeUtc(stream.SafeFileHandle) != file.ModifiedAt.UtcDateTime)
            {
                // Moved since it was listed: the next look starts its settle time anew.
                return Writing(file);
            }

            facts = await ContainerProbe.ExamineAsync(stream, Path.GetExtension(file.Path), cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            facts = Failed(file, VideoFaults.Unreadable, exception);
        }
        catch (IOException exception)
        {
            facts = Failed(file, VideoFaults.ReadFailed, exception);
        }

        Remember(file, facts);
        return Describe(file, facts);
    }

    private static Video Describe(ListedFile file, ContainerFacts facts) => new(
        file.Path,
        file.Bytes,
        file.ModifiedAt,
        facts.Fault is null ? VideoState.Ready : VideoState.Broken,
        facts.Fault,
        facts.DurationSeconds,
        facts.Width,
        facts.Height) { Media = facts.Media };

    private Video Writing(ListedFile file) =>
        new(file.Path, file.Bytes, file.ModifiedAt, VideoState.Writing, VideoFaults.Writing(settleSeconds));

    private Observation Observe(ListedFile file) => observations.AddOrUpdate(
        file.Path,
        _ => new Observation(file.Bytes, file.ModifiedAt, time.GetTimestamp(), WasOldWhenFirstSeen(file), scan),
        (_, seen) => seen.Bytes == file.Bytes && seen.ModifiedAt == file.ModifiedAt
            ? seen with { Settled = seen.Settled || time.GetElapsedTime(seen.Since).TotalSeconds >= settleSeconds, Scan = scan }
            : new Observation(file.Bytes, file.ModifiedAt, time.GetTimestamp(), settleSeconds == 0, scan));

    // Only the first look may trust the file's clock, so that a restart shows old videos at once.
    private bool WasOldWhenFirstSeen(ListedFile file) =>
        settleSeconds == 0 || (time.GetUtcNow() - file.ModifiedAt).TotalSeconds >= settleSeconds;

    private VideoFault Failed(ListedFile file, VideoFault fault, Exception exception)
    {
        // A broken video is asked again and again; it is worth one line.
        if (!observations.TryGetValue(file.Path, out var seen) || seen.Facts?.Fault != fault)
        {
            Log.CannotRead(logger, file.Path, exception);
        }

        return fault;
    }

    private void Remember(ListedFile file, ContainerFacts facts)
    {
        if (observations.TryGetValue(file.Path, out var seen) && seen.Bytes == file.Bytes && seen.ModifiedAt == file.ModifiedAt)
        {
            observations.TryUpdate(file.Path, seen with { Facts = facts, ExaminedAt = time.GetTimestamp() }, seen);
        }
    }

    private sealed record Observation(
        long Bytes,
        DateTimeOffset ModifiedAt,
        long Since,
        bool Settled,
        int Scan,
        ContainerFacts? Facts = null,
        long ExaminedAt = 0);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The video {Path} cannot be read")]
        public static partial void CannotRead(ILogger logger, string path, Exception exception);
    }
}
