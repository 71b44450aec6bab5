using System.Security.Cryptography;
using System.Text;
using HeyGemExport.FileSystem;
using HeyGemExport.Media.KeyFrames;

namespace HeyGemExport.Library.Posters;

/// <summary>What a poster will most likely be; a key frame that is too large becomes an image.</summary>
internal enum PosterKind
{
    None,

    /// <summary>An MP4 of one picture.</summary>
    Video,

    /// <summary>A JPEG.</summary>
    Image,
}

/// <summary>A small picture of each video: its own key frame where that is small enough and browsers can decode it, else one by
/// FFmpeg.</summary>
internal sealed class PosterService(OutputsRoot root, FfmpegPictures ffmpeg) : IDisposable
{
    /// <summary>The most that a poster takes.</summary>
    public const int MaxBytes = 200_000;

    private const int VersionBytes = 12;

    // Each reads up to some megabytes of tables, on a share perhaps slowly.
    private readonly SemaphoreSlim fewAtATime = new(4, 4);

    /// <summary>Changes with the video's content.</summary>
    public static string VersionOf(Video video)
    {
        var content = video.Identity?.Content ?? FormattableString.Invariant($"{video.Bytes}-{video.ModifiedAt.UtcTicks}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{video.Path}\n{content}")).AsSpan(0, VersionBytes));
    }

    public PosterKind KindOf(Video video) => video switch
    {
        { State: not VideoState.Ready } => PosterKind.None,
        { Container: "mp4" or "mov" or "mkv" or "avi", VideoCodec: "mjpeg" } => PosterKind.Image,
        // No Chromium on Linux decodes HEVC, and few on Windows.
        { VideoCodec: "hevc" } when ffmpeg.CanTake(video) => PosterKind.Image,
        { Container: "mp4" or "mov" or "mkv", VideoCodec: "h264" or "hevc" or "av1" } => PosterKind.Video,
        _ => ffmpeg.CanTake(video) ? PosterKind.Image : PosterKind.None,
    };

    /// <summary>The poster of a video; null when it has none.</summary>
    /// <exception cref="FileNotFoundException">The video is gone, or another one by now.</exception>
    /// <exception cref="UnauthorizedAccessException">The service may not read it.</exception>
    /// <exception cref="IOException">The file system failed.</exception>
    public async Task<KeyFrame?> FindAsync(Video video, CancellationToken cancellationToken)
    {
        var kind = KindOf(video);
        if (kind == PosterKind.None)
        {
            return null;
        }

        await using var file = root.OpenRead(video.Path);
        if (OutputsRoot.StatusOf(file.SafeFileHandle) is var now && (now.Bytes, now.ModifiedAt) != (video.Bytes, video.ModifiedAt))
        {
            throw new FileNotFoundException("The video has changed since it was listed.", video.Path);
        }

        var isOwn = kind == PosterKind.Video || video.VideoCodec is "mjpeg";
        return (isOwn ? await OwnAsync(file, cancellationToken) : null)
            ?? await TakenAsync(file, video, cancellationToken)
            ?? (isOwn ? null : await OwnAsync(file, cancellationToken));
    }

    /// <summary>The key frame of a copy of a video; null where none will do.</summary>
    /// <exception cref="IOException">Reading failed.</exception>
    public Task<KeyFrame?> FindAsync(Stream copy, CancellationToken cancellationToken) => OwnAsync(copy, cancellationToken);

    public void Dispose() => fewAtATime.Dispose();

    private async Task<KeyFrame?> OwnAsync(Stream file, CancellationToken cancellationToken)
    {
        await fewAtATime.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => KeyFrame.Find(file, MaxBytes, cancellationToken), cancellationToken);
        }
        finally
        {
            fewAtATime.Release();
        }
    }

    private async Task<KeyFrame?> TakenAsync(FileStream file, Video video, CancellationToken cancellationToken) =>
        await ffmpeg.TakeAsync(file.SafeFileHandle, video, VersionOf(video), MaxBytes, cancellationToken) is { } picture
            ? new(KeyFrame.Jpeg, picture)
            : null;
}
