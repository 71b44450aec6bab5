using System.Diagnostics;
using Xunit.Abstractions;

namespace HeyGemExport.BrowserTests.Exports;

/// <summary>Fifty real videos of about 2 GB together. Needs ffmpeg and 7 GB of disk:
/// <c>HEYGEM_LARGE=1 dotnet test tests/HeyGemExport.BrowserTests --filter LargeBatch</c>.</summary>
public sealed class LargeBatchTests(Chromium chromium, ITestOutputHelper output) : BrowserTest(chromium, new ExportApp())
{
    private const int Videos = 50;

    [OnDemandFact("HEYGEM_LARGE")]
    public async Task Fifty_videos_of_two_gigabytes_arrive_byte_for_byte()
    {
        await WriteVideosAsync();
        var files = new DirectoryInfo(App.Outputs).GetFiles("*", SearchOption.AllDirectories);
        Assert.Equal(Videos, files.Length);
        var visitor = await VisitLibraryAsync(Words.Zh, Videos);
        visitor.Page.SetDefaultTimeout(600_000);
        await visitor.AskAsync();

        var clock = Stopwatch.StartNew();
        var download = await visitor.DownloadAsync(
            () => visitor.Button(visitor.Words.Confirm).ClickAsync(), seconds: 600);
        var packed = clock.Elapsed;
        var failure = await download.FailureAsync();
        output.WriteLine(
            $"{files.Sum(file => file.Length):N0} bytes: download began after {packed.TotalSeconds:F1} s, "
            + $"ended after {clock.Elapsed.TotalSeconds:F1} s");

        Assert.Null(failure);
        await Delivered.AssertHoldsAllAsync(await download.SaveAsync(App.Folder), App.Outputs);
    }

    /// <summary>Encodes five clips, and joins each with itself to ten different lengths.</summary>
    private async Task WriteVideosAsync()
    {
        var clips = Directory.CreateDirectory(App.Folder["clips"]).FullName;
        for (var clip = 0; clip < 5; clip++)
        {
            await ExternalTools.RunAsync(
                clips, "ffmpeg", "-v", "error",
                "-f", "lavfi", "-i", $"testsrc2=size=1280x720:rate=25,noise=alls={20 + clip}:allf=t",
                "-f", "lavfi", "-i", $"sine=frequency={300 + (50 * clip)}",
                "-t", "4", "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "16M", "-pix_fmt", "yuv420p", "-c:a", "aac", $"{clip}.mp4");
        }

        for (var video = 0; video < Videos; video++)
        {
            var path = Path.Combine(App.Outputs, $"批次_{video / 10}", $"数字人视频_{video:00}.mp4");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await ExternalTools.RunAsync(
                clips, "ffmpeg", "-v", "error", "-stream_loop", $"{2 + (video / 10)}", "-i", $"{video % 5}.mp4",
                "-c", "copy", "-movflags", "+faststart",
                "-metadata", $"title={video}", path);
        }
    }
}
