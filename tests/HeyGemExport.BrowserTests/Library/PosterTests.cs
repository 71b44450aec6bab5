using HeyGemExport.Library;
using HeyGemExport.Library.Posters;

namespace HeyGemExport.BrowserTests.Library;

/// <summary>Pictures of the videos: what they show, what they cost, how they are laid out.</summary>
public sealed class PosterTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    private const string H264 = "-c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p";

    [BrowserFact]
    public async Task Each_format_shows_its_picture_whole_and_the_list_and_the_grid_keep_their_places()
    {
        await MakeAsync("640x360", H264, "wide.mp4");
        await MakeAsync("360x640", H264, "tall.mkv");
        await MakeAsync("640x360", "-c:v mjpeg -pix_fmt yuvj420p", "jpegs.avi");
        await MakeAsync("640x360", "-c:v mpeg4", "old.avi");
        await MakeAsync("360x640", "-c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1", "hevc.mp4");
        var visitor = await VisitAsync(Words.En);
        await Eventually.HoldsAsync(() => App.Get<LibraryIndex>().Current.Videos.Count == 5);
        await WatchShiftsAsync(visitor);

        foreach (var view in new[] { "List", "Grid" })
        {
            await visitor.GoAsync("/");
            await visitor.Page.GetByRole(AriaRole.Link, new() { Name = view, Exact = true }).ClickAsync();
            await Assertions.Expect(visitor.Page.Locator(".rows-grid")).ToHaveCountAsync(view is "Grid" ? 1 : 0);
            await Assertions.Expect(visitor.Page.Locator(".thumb-picture")).ToHaveCountAsync(5);
            foreach (var name in new[] { "wide.mp4", "tall.mkv", "jpegs.avi", "old.avi", "hevc.mp4" })
            {
                Assert.Equal(name is "tall.mkv" or "hevc.mp4", await IsUprightAsync(visitor, name));
            }

            Assert.InRange(await visitor.Page.EvaluateAsync<double>("() => window.shifted"), 0, 0.05);
        }

        // Remembered.
        await visitor.GoAsync("/");
        await Assertions.Expect(visitor.Page.Locator(".rows-grid")).ToHaveCountAsync(1);
    }

    [BrowserTheory]
    [InlineData("-c:v libx264 -preset ultrafast -g 25 -crf 30 -pix_fmt yuv420p", ".mp4")]
    [InlineData("-c:v mjpeg -q:v 5 -pix_fmt yuvj420p", ".avi")]
    public async Task A_first_screen_of_fifty_videos_is_small(string codec, string extension)
    {
        await MakeAsync("1920x1080", codec, "source" + extension);
        var source = Path.Combine(App.Outputs, "source" + extension);
        foreach (var number in Enumerable.Range(2, 49))
        {
            File.Copy(source, Path.Combine(App.Outputs, $"lesson{number}{extension}"));
        }

        var visitor = await VisitAsync(Words.En);
        await Eventually.HoldsAsync(() => App.Get<LibraryIndex>().Current.Counts.GetValueOrDefault(VideoState.Ready) == 50);
        var network = await visitor.Page.Context.NewCDPSessionAsync(visitor.Page);
        await network.SendAsync("Network.enable");
        var (received, posters) = (0.0, 0);
        network.Event("Network.loadingFinished").OnEvent +=
            (_, json) => received += json!.Value.GetProperty("encodedDataLength").GetDouble();
        visitor.Page.Response += (_, response) => posters += response.Url.Contains("/posters/", StringComparison.Ordinal) ? 1 : 0;

        await visitor.GoAsync("/");
        await Assertions.Expect(visitor.Page.Locator(".row")).ToHaveCountAsync(50);
        await Assertions.Expect(visitor.Page.Locator(".row:nth-child(9) .thumb-picture")).ToHaveCountAsync(1);

        Assert.InRange(posters, 9, 20);
        Assert.InRange(received, posters * 1000, 5_000_000);
        Assert.True(received < posters * (double)PosterService.MaxBytes);
    }

    [BrowserFact]
    public async Task A_video_without_a_poster_keeps_its_placeholder()
    {
        App.Settings["Library:Posters:Ffmpeg"] = "off";
        await MakeAsync("640x360", "-c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1", "hevc.mp4");
        await MakeAsync("640x360", "-c:v mpeg4", "old.avi");
        App.AddVideo("noise.mp4");
        var visitor = await VisitLibraryAsync(Words.Zh, 3);

        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        await Assertions.Expect(visitor.Page.Locator(".thumb-format")).ToHaveTextAsync(["AVI", "MP4", "MP4"]);
        await Assertions.Expect(visitor.Page.Locator(".thumb-picture")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Without_scripts_images_are_shown_and_the_view_is_switched()
    {
        await MakeAsync("640x360", "-c:v mjpeg -pix_fmt yuvj420p", "jpegs.avi");
        var visitor = await VisitLibraryAsync(Words.Zh, 1, scripts: false);

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "网格", Exact = true }).ClickAsync();

        await Assertions.Expect(visitor.Page.Locator(".rows-grid img.thumb-picture")).ToBeVisibleAsync();
    }

    /// <summary>Whether the middle of the picture's upper edge is drawn and that of its left edge is not.</summary>
    private static Task<bool> IsUprightAsync(Visitor visitor, string name) => visitor.Page.Locator(".row", new() { HasText = name })
        .Locator(".thumb-picture").EvaluateAsync<bool>("""
            async (picture) => {
              await picture.decode?.();
              const [width, height] = [picture.naturalWidth ?? picture.width, picture.naturalHeight ?? picture.height];
              if (getComputedStyle(picture).objectFit !== 'contain' || !width) throw new Error('cut or empty');
              const canvas = Object.assign(document.createElement('canvas'), { width, height });
              const context = canvas.getContext('2d');
              context.drawImage(picture, 0, 0, width, height);
              const colours = new Set(new Uint32Array(context.getImageData(0, 0, width, height).data.buffer));
              if (colours.size < 8) throw new Error('nothing is on the picture');
              return height > width;
            }
            """);

    private static async Task WatchShiftsAsync(Visitor visitor) => await visitor.Page.AddInitScriptAsync("""
        window.shifted = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
        """);

    private async Task MakeAsync(string size, string codec, string name) => await ExternalTools.RunAsync(
        App.Outputs, "ffmpeg",
        ["-v", "error", "-f", "lavfi", "-i", $"testsrc2=size={size}:rate=25:duration=2", .. codec.Split(' '), name]);
}
