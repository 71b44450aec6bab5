using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace HeyGemExport.BrowserTests;

/// <summary>The first use of somebody who reviews ten clips, packs six, downloads them and hands a link on. The steps (clicks, taps and
/// keys) are counted, so that one more is noticed.</summary>
public sealed class NewcomerTests(Chromium chromium, ITestOutputHelper output) : BrowserTest(chromium, new ExportApp())
{
    private readonly Stopwatch clock = Stopwatch.StartNew();

    private int steps;

    [BrowserTheory]
    [InlineData(1280, 900, 16)]
    [InlineData(390, 844, 21)]
    public async Task Ten_clips_are_reviewed_six_packed_downloaded_and_shared_in_so_many_steps(int width, int height, int expected)
    {
        var isPhone = width < 500;
        var visitor = await VisitLibraryAsync(new VisitorOptions(Words.Zh, Width: width, Height: height), AddTen());
        clock.Restart();
        await visitor.GoAsync("/");
        await ClickAsync(visitor.Page.Locator("a[data-play]").First);
        await (isPhone ? ReviewByTouchAsync(visitor) : ReviewByKeyAsync(visitor));
        Told("reviewed");

        await ClickAsync(visitor.Button(visitor.Words.Pack));
        await Assertions.Expect(visitor.Figure(visitor.Words.Videos)).ToHaveTextAsync("6");
        await visitor.ShowAsync($"newcomer card {width}");
        var download = await visitor.DownloadAsync(() => ClickAsync(visitor.Button(visitor.Words.Confirm)));
        var archive = await download.SaveAsync(App.Folder);
        Told("downloaded");
        using (var zip = System.IO.Compression.ZipFile.OpenRead(archive))
        {
            Assert.Equal(6, zip.Entries.Count);
        }

        await ClickAsync(visitor.Page.Locator(".shares summary"));
        await ClickAsync(visitor.Button("生成链接"));
        await Assertions.Expect(visitor.Page.Locator(".share-qr svg")).ToBeVisibleAsync();
        await visitor.ShowAsync($"newcomer shared {width}");
        Told("shared");
        Assert.Equal(expected, steps);

        var phone = await VisitAsync(new VisitorOptions(Words.Zh, Width: 390, Height: 844));
        await phone.GoAsync(await visitor.Page.Locator("#share-address").InnerTextAsync());
        await Assertions.Expect(phone.Page.Locator(".share-tile")).ToHaveCountAsync(6);
        await phone.DownloadAsync(() => ClickAsync(phone.Link("下载").First));
        Told("taken by phone");
    }

    private async Task ReviewByKeyAsync(Visitor visitor)
    {
        var place = visitor.Page.Locator("dialog [data-place]");
        for (var clip = 1; clip <= 10; clip++)
        {
            await Assertions.Expect(place).ToHaveTextAsync($"{clip} / 10");
            await PressAsync(clip <= 6 ? "Enter" : "ArrowDown");
        }

        await PressAsync("Escape");

        async Task PressAsync(string key)
        {
            steps++;
            await visitor.Page.Keyboard.PressAsync(key);
        }
    }

    private async Task ReviewByTouchAsync(Visitor visitor)
    {
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        for (var clip = 1; clip <= 10; clip++)
        {
            await Assertions.Expect(dialog.Locator("[data-place]")).ToHaveTextAsync($"{clip} / 10");
            if (clip <= 6)
            {
                await ClickAsync(dialog.GetByRole(AriaRole.Checkbox, new() { Name = "选择" }));
            }

            await ClickAsync(visitor.Button(clip < 10 ? "下一个" : "关闭"));
        }
    }

    private int AddTen()
    {
        var samples = AddSamples();
        foreach (var number in Enumerable.Range(samples + 1, 10 - samples))
        {
            File.Copy(Directory.GetFiles(Samples, "*.mp4")[0], Path.Combine(App.Outputs, $"{number}.mp4"));
        }

        return 10;
    }

    private async Task ClickAsync(ILocator what)
    {
        steps++;
        await what.ClickAsync();
    }

    private void Told(string what) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {steps} steps, {clock.Elapsed.TotalSeconds:F1} s"));
}
