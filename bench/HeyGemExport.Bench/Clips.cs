using System.Globalization;

namespace HeyGemExport.Bench;

/// <summary>A folder of real H.264 clips, each with content of its own.</summary>
internal static class Clips
{
    /// <summary>A short clip beside the batches, for what happens only the first time that a server packs.</summary>
    public const string WarmUp = "warm-up.mp4";

    private const int SecondsEach = 30;
    private const int ClipsEach = 10;
    private const int Encoded = 4;

    private static readonly DateTime LongAgo = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Makes clips until they have as many bytes as asked for; those of an earlier run stay.</summary>
    public static async Task MakeAsync(string folder, long bytes, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await MakeClipAsync(folder, Path.Combine(folder, WarmUp), number: 0, seconds: 1, cancellationToken);
        for (var number = 1; Bytes(folder) < bytes; number++)
        {
            var batch = Directory.CreateDirectory(Path.Combine(folder, $"批次_{(number + ClipsEach - 1) / ClipsEach}")).FullName;
            var clip = Path.Combine(batch, string.Create(CultureInfo.InvariantCulture, $"数字人视频_{number:D3}.mp4"));
            await MakeClipAsync(folder, clip, number, SecondsEach, cancellationToken);
        }
    }

    public static string[] Batches(string folder) =>
        [.. Directory.EnumerateDirectories(folder).Select(batch => Path.GetFileName(batch))];

    /// <summary>Makes them older than what the app reads in the background by itself: what is not known stays so until it is
    /// packed.</summary>
    public static void Age(string folder)
    {
        foreach (var path in Files(folder))
        {
            File.SetLastWriteTimeUtc(path, LongAgo);
        }
    }

    public static long Bytes(string folder) => Files(folder).Sum(path => new FileInfo(path).Length);

    public static int Count(string folder) => Files(folder).Count();

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.mp4", SearchOption.AllDirectories);

    /// <summary>Encoding gigabytes takes long: a few recordings are encoded, and each clip is one of them cut elsewhere.</summary>
    private static async Task MakeClipAsync(string folder, string clip, int number, int seconds, CancellationToken cancellationToken)
    {
        if (File.Exists(clip))
        {
            return;
        }

        Console.Error.Write('.');
        var recording = Path.Combine(folder, "..", string.Create(CultureInfo.InvariantCulture, $"recording-{number % Encoded}.mkv"));
        if (!File.Exists(recording))
        {
            await EncodeAsync(recording, seed: number % Encoded, cancellationToken);
        }

        var partial = Path.ChangeExtension(clip, ".partial");
        var start = number / Encoded % SecondsEach;
        await Child.RunToEndAsync(
            "ffmpeg",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                -v error -y -ss {start} -i {recording} -t {seconds} -c copy -metadata title={number} -movflags +faststart -f mp4 {partial}
                """).Split(' '),
            cancellationToken);
        File.Move(partial, clip);
    }

    private static Task EncodeAsync(string recording, int seed, CancellationToken cancellationToken) => Child.RunToEndAsync(
        "ffmpeg",
        string.Create(
            CultureInfo.InvariantCulture,
            $"-v error -y -f lavfi -i testsrc2=size=1280x720:rate=25,hue=h={90 * seed},noise=alls=20:allf=t:all_seed={seed}"
            + $" -f lavfi -i sine=frequency={220 + (110 * seed)} -t {2 * SecondsEach} -c:v libx264 -preset ultrafast -b:v 16M"
            + $" -pix_fmt yuv420p -c:a aac -b:a 128k -f matroska {recording}").Split(' '),
        cancellationToken);
}
