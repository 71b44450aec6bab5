using System.Threading.Channels;
using HeyGemExport.FileSystem;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Primitives;

namespace HeyGemExport.Library;

/// <summary>Scans at the start, after changes, when a file would have settled, and every half minute in case an event was lost.</summary>
internal sealed partial class LibraryWatch(
    LibraryIndex index,
    OutputsRoot root,
    IOptions<LibraryOptions> options,
    TimeProvider time,
    ILogger<LibraryWatch> logger) : BackgroundService
{
    private static readonly TimeSpan SafetyInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollingInterval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan FolderInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestDebounce = TimeSpan.FromSeconds(2);

    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private Subscription? subscription;
    private string? folderAtScan;
    private bool eventsFailed;

    public override void Dispose()
    {
        subscription?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Subscribed before the scan, so that nothing falls between the two.
                await SubscribeAsync(stoppingToken);
                await index.RefreshAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.ScanFailed(logger, exception);
            }

            if (await WaitAsync(NextScan(), stoppingToken))
            {
                await DebounceAsync(stoppingToken);
            }
        }
    }

    private TimeSpan NextScan()
    {
        var regular = index.Current.Fault is not null ? FolderInterval
            : subscription is null || HasUnwatchedFolder() ? PollingInterval
            : SafetyInterval;
        var settled = index.UntilNextSettles is { } wait ? TimeSpan.FromTicks(Math.Max(wait.Ticks, Quiet.Ticks)) : regular;
        return settled < regular ? settled : regular;
    }

    // .NET cannot watch a folder whose name is not UTF-8.
    private bool HasUnwatchedFolder() =>
        index.Current.Videos.Any(video => OutputsRoot.HasBytes(video.Path.AsSpan(0, video.Path.LastIndexOf('/') + 1)));

    // True when something changed. No event tells that the folder itself was removed, moved or mounted over.
    private async Task<bool> WaitAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (interval - time.GetElapsedTime(started) is { Ticks: > 0 } left)
        {
            if (await ChangedWithinAsync(left < FolderInterval ? left : FolderInterval, cancellationToken))
            {
                return true;
            }

            if (!string.Equals(root.FolderId(), folderAtScan, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return false;
    }

    private async Task<bool> ChangedWithinAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var change = changes.Reader.WaitToReadAsync(timeout.Token).AsTask();
        var delay = Task.Delay(interval, time, timeout.Token);
        var first = await Task.WhenAny(change, delay);
        await timeout.CancelAsync();
        await Task.WhenAll(change, delay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        changes.Reader.TryRead(out _);
        return first == change;
    }

    // A render writes all the time: wait for a pause in the events, but not for ever.
    private async Task DebounceAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < LongestDebounce && await ChangedWithinAsync(Quiet, cancellationToken))
        {
        }
    }

    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        var folder = folderAtScan = root.FolderId();
        if (subscription is not null && string.Equals(subscription.Folder, folder, StringComparison.Ordinal))
        {
            return;
        }

        subscription?.Dispose();
        subscription = null;
        if (folder is null || await PollsAsync(cancellationToken))
        {
            return;
        }

        try
        {
            subscription = Subscription.To(root.FullPath, folder, () => changes.Writer.TryWrite(true));
            eventsFailed = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Usually the user's limit of inotify instances or watches; polling still finds everything.
            if (!eventsFailed)
            {
                Log.NoEvents(logger, PollingInterval.TotalSeconds, exception);
            }

            eventsFailed = true;
        }
    }

    private async Task<bool> PollsAsync(CancellationToken cancellationToken) => options.Value.Watch.ToUpperInvariant() switch
    {
        "POLLING" => true,
        "EVENTS" => false,
        _ => await FileSystemKind.NeedsPollingAsync(root.FullPath, cancellationToken),
    };

    private sealed class Subscription(string folder, PhysicalFileProvider provider, IDisposable registration) : IDisposable
    {
        public string Folder => folder;

        public static Subscription To(string path, string folder, Action onChange)
        {
            var provider = new PhysicalFileProvider(path, ExclusionFilters.Sensitive);
            try
            {
                return new Subscription(folder, provider, ChangeToken.OnChange(() => provider.Watch("**/*"), onChange));
            }
            catch
            {
                provider.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            registration.Dispose();
            provider.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "扫描输出目录失败，稍后重试")]
        public static partial void ScanFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "系统无法监视输出目录的变化，改为每 {Seconds} 秒扫描一次")]
        public static partial void NoEvents(ILogger logger, double seconds, Exception exception);
    }
}
