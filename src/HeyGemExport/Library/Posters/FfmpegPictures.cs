using System.Collections.Concurrent;
using System.Diagnostics;
using HeyGemExport.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Library.Posters;

/// <summary>Pictures by FFmpeg, where it is installed: one at a time, with low priority, limited in time and memory.</summary>
internal sealed partial class FfmpegPictures(
    IOptions<PosterOptions> options, PosterCache cache, ILogger<FfmpegPictures> logger) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    // Enough for a picture of 8K by one thread, with the libraries that it maps.
    private const long MemoryBytes = 2L * 1024 * 1024 * 1024;

    // Twice as large as posters are shown, for screens with two pixels in one.
    private const int LongestSide = 480;

    private const int RememberedFailures = 10_000;

    // Its demuxers by our names of containers. What a file says it is, FFmpeg is not asked: a playlist under the name of a video could
    // lead it to other files.
    private static readonly Dictionary<string, string> Demuxers = new(StringComparer.Ordinal)
    {
        ["mp4"] = "mov", ["mov"] = "mov", ["avi"] = "avi", ["mkv"] = "matroska", ["webm"] = "matroska", ["ts"] = "mpegts",
        ["m2ts"] = "mpegts", ["mpg"] = "mpeg", ["flv"] = "flv", ["wmv"] = "asf", ["ogg"] = "ogg", ["mxf"] = "mxf",
    };

    private readonly string? program = LinuxSyscalls.Supported ? options.Value.Program() : null;
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly ConcurrentDictionary<string, bool> failures = new(StringComparer.Ordinal);

    /// <summary>Whether a picture of this video can be had.</summary>
    public bool CanTake(Video video) => program is not null && video.Container is { } container && Demuxers.ContainsKey(container);

    /// <summary>A JPEG of the picture at a tenth of the playing time; null when there is none.</summary>
    /// <param name="file">The video, opened: FFmpeg gets no path of the outputs folder.</param>
    /// <param name="key">Letters and digits that stand for this content of this video.</param>
    public async Task<byte[]?> TakeAsync(SafeFileHandle file, Video video, string key, int maxBytes, CancellationToken cancellationToken)
    {
        if (!CanTake(video))
        {
            return null;
        }

        if (cache.Find(key) is { } known)
        {
            return known;
        }

        await oneAtATime.WaitAsync(cancellationToken);
        try
        {
            // Somebody else may have asked for it first.
            return failures.ContainsKey(key) ? null : cache.Find(key) ?? await MakeAsync(file, video, key, maxBytes, cancellationToken);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    private static List<string> Arguments(SafeFileHandle file, Video video)
    {
        var input = FormattableString.Invariant($"file:/proc/{Environment.ProcessId}/fd/{file.DangerousGetHandle()}");
        var at = ((video.DurationSeconds ?? 0) / 10).ToString("0.###", CultureInfo.InvariantCulture);
        return
        [
            "-nostdin", "-v", "quiet", "-threads", "1",
            "-protocol_whitelist", "file", "-f", Demuxers[video.Container!], "-ss", at, "-noaccurate_seek", "-i", input,
            "-map", "0:V:0", "-frames:v", "1", "-vf",
            FormattableString.Invariant($"scale=w='min({LongestSide},iw)':h='min({LongestSide},ih)':force_original_aspect_ratio=decrease"),
            "-threads", "1", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "5", "-f", "image2pipe", "pipe:1",
        ];
    }

    private async Task<byte[]?> MakeAsync(
        SafeFileHandle file, Video video, string key, int maxBytes, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            if (await RunAsync(Arguments(file, video), maxBytes, limit.Token) is { } picture)
            {
                cache.Add(key, picture);
                return picture;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.TookTooLong(logger, video.Path, Longest.TotalSeconds);
        }
        catch (Exception exception) when (exception is IOException or System.ComponentModel.Win32Exception)
        {
            Log.Failed(logger, exception, video.Path);
        }

        if (failures.Count >= RememberedFailures)
        {
            failures.Clear();
        }

        failures[key] = true;
        return null;
    }

    private async Task<byte[]?> RunAsync(List<string> arguments, int maxBytes, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            LinuxSyscalls.Restrain(process.Id, MemoryBytes, (int)Longest.TotalSeconds);
            var picture = new byte[maxBytes + 1];
            var length = await process.StandardOutput.BaseStream.ReadAtLeastAsync(
                picture, picture.Length, throwOnEndOfStream: false, cancellationToken);
            return length > maxBytes || length == 0 ? null : picture[..length];
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "ffmpeg took no picture of {Path} within {Seconds} s")]
        public static partial void TookTooLong(ILogger logger, string path, double seconds);

        [LoggerMessage(2, LogLevel.Warning, "ffmpeg could not be run for a picture of {Path}")]
        public static partial void Failed(ILogger logger, Exception exception, string path);
    }
}
