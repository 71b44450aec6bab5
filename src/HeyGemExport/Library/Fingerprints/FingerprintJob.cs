using HeyGemExport.FileSystem;
using HeyGemExport.Jobs;

namespace HeyGemExport.Library.Fingerprints;

/// <summary>Reads hot videos through, one at a time, so that packing them later does not have to hash.</summary>
internal sealed partial class FingerprintJob(
    HotVideos hot, FingerprintStore store, OutputsRoot outputs, IStringLocalizer<LibraryTexts> texts, ILogger<FingerprintJob> log)
    : IRecurringJob, IDisposable
{
    private readonly SemaphoreSlim alone = new(1, 1);

    public static string Id => "fingerprints";

    public string Name => texts["Job.Fingerprints"];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.ForgetOldAsync(cancellationToken);
        while (hot.Count > 0 && await alone.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            try
            {
                while (hot.Take() is { } video)
                {
                    try
                    {
                        await ReadAsync(video, cancellationToken);
                    }
                    finally
                    {
                        hot.Done();
                    }
                }
            }
            finally
            {
                alone.Release();
            }
        }
    }

    public void Dispose() => alone.Dispose();

    private async Task ReadAsync(Video video, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = outputs.OpenRead(video.Path);
            if (OutputsRoot.Identify(file.SafeFileHandle) is not { } identity
                || await IsKnownAsync(video, identity, cancellationToken))
            {
                return;
            }

            var sums = await FileSums.ComputeAsync(
                (buffer, offset) =>
                {
                    hot.WaitWhilePaused(cancellationToken);
                    return RandomAccess.Read(file.SafeFileHandle, buffer, offset);
                },
                inBackground: true,
                cancellationToken);
            if (sums.Bytes == video.Bytes && OutputsRoot.Identify(file.SafeFileHandle) == identity)
            {
                await store.KeepAsync(
                    [new(video.Path, video.Bytes, video.ModifiedAt, identity.Content, sums.Sha256, sums.Crc32)],
                    cancellationToken);
                Log.Kept(log, video.Path, sums.Bytes);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Packing it will say what is wrong with it, if somebody wants it.
            Log.CannotRead(log, video.Path, exception.Message);
        }
    }

    private async Task<bool> IsKnownAsync(Video video, FileIdentity identity, CancellationToken cancellationToken) =>
        (await store.FindAsync([video.Path], cancellationToken)).Values.Any(known => known.Bytes == video.Bytes
            && known.ModifiedAt == video.ModifiedAt && string.Equals(known.Identity, identity.Content, StringComparison.Ordinal));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Fingerprint of {Path}, {Bytes} bytes")]
        public static partial void Kept(ILogger logger, string path, long bytes);

        [LoggerMessage(Level = LogLevel.Information, Message = "未能计算视频 {Path} 的指纹: {Reason}")]
        public static partial void CannotRead(ILogger logger, string path, string reason);
    }
}
