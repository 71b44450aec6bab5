using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;

namespace HeyGemExport.Library.Fingerprints;

/// <summary>The videos that became ready a short time ago and wait for their fingerprint: what the engine has just written is in memory
/// still, so that reading it costs no disk. Old videos are never read for it.</summary>
internal sealed partial class HotVideos(
    LibraryIndex library, OutputsRoot outputs, IJobQueue queue, IOptions<LibraryOptions> options, IOptions<NodeOptions> node,
    TimeProvider time, ILogger<HotVideos> log) : IHostedService, IDisposable
{
    private readonly Lock gate = new();
    private readonly LinkedList<Video> waiting = [];
    private readonly ManualResetEventSlim unpaused = new(initialState: true);
    private readonly TimeSpan hotFor = TimeSpan.FromHours(options.Value.FingerprintHours);
    private LibrarySnapshot seen = LibrarySnapshot.Empty;
    private Task triggering = Task.CompletedTask;
    private int inWork;
    private int pauses;

    /// <summary>How many wait, with the one that is being read.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return waiting.Count + inWork;
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (node.Value.RunsJobs)
        {
            library.Published += OnPublished;
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        library.Published -= OnPublished;
        await triggering.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => unpaused.Dispose();

    /// <summary>Keeps the disk for packing until it is disposed.</summary>
    public IDisposable Pause()
    {
        lock (gate)
        {
            pauses++;
            unpaused.Reset();
        }

        return new Resumption(this);
    }

    public void WaitWhilePaused(CancellationToken cancellationToken) => unpaused.Wait(cancellationToken);

    /// <summary>The next one, until <see cref="Done"/>; null when none waits.</summary>
    public Video? Take()
    {
        lock (gate)
        {
            if (waiting.First?.Value is not { } next)
            {
                return null;
            }

            waiting.RemoveFirst();
            inWork++;
            return next;
        }
    }

    public void Done()
    {
        lock (gate)
        {
            inWork--;
        }
    }

    private void OnPublished(LibrarySnapshot snapshot)
    {
        var found = hotFor == TimeSpan.Zero ? [] : FindNew(snapshot);
        lock (gate)
        {
            seen = snapshot;
            foreach (var video in found)
            {
                waiting.AddLast(video);
            }

            if (found.Count > 0 && triggering.IsCompleted)
            {
                triggering = TriggerAsync();
            }
        }
    }

    private List<Video> FindNew(LibrarySnapshot snapshot)
    {
        var since = time.GetUtcNow() - hotFor;

        // A copy may have the time of its original, but has changed just now. Of a whole library at once, that is not asked.
        var isFirst = seen.Videos.Count == 0;
        return
        [
            .. snapshot.Videos.Where(video => video.State == VideoState.Ready
                && !(seen.Find(video.Path) is { State: VideoState.Ready } before
                    && (ReferenceEquals(before, video) || (before.Bytes == video.Bytes && before.ModifiedAt == video.ModifiedAt)))
                && (video.ModifiedAt >= since || (!isFirst && outputs.Identify(video.Path)?.ChangedAt >= since))),
        ];
    }

    private async Task TriggerAsync()
    {
        try
        {
            await Task.Yield();
            await queue.TriggerAsync<FingerprintJob>(CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The job also runs now and then.
            Log.NotTriggered(log, exception.Message);
        }
    }

    private void Resume()
    {
        lock (gate)
        {
            if (--pauses == 0)
            {
                unpaused.Set();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "指纹任务稍后开始: {Reason}")]
        public static partial void NotTriggered(ILogger logger, string reason);
    }

    private sealed class Resumption(HotVideos owner) : IDisposable
    {
        private HotVideos? paused = owner;

        public void Dispose() => Interlocked.Exchange(ref paused, null)?.Resume();
    }
}
