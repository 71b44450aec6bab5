using System.Net;

namespace HeyGemExport.Tests.Pages.Library;

/// <summary>The library as a person meets it.</summary>
public sealed class LibraryPageTests : IDisposable
{
    private readonly ExportApp app = new();

    [Theory]
    [InlineData("zh-CN", "📦 一键打包下载", "zh-CN")]
    [InlineData("en-GB", "📦 Pack & download", "en")]
    public async Task Offers_to_pack_in_the_language_of_the_browser(string language, string button, string lang)
    {
        app.AddVideo("a.mp4");
        using var visitor = await PageVisitor.OfAsync(app, language);
        var page = await visitor.OpenAsync("/");
        Assert.Equal(button, page.QuerySelector(".button-pack")!.TextContent);
        Assert.Equal(lang, page.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task Shows_names_as_text_whatever_they_are()
    {
        const string hostile = "<img src=x onerror=alert(1)>\"'&amp;.mp4";
        app.AddVideo($"批次/{hostile}");
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/");
        Assert.Equal(hostile, Assert.Single(page.QuerySelectorAll(".row-name")).TextContent);
        Assert.Empty(page.QuerySelectorAll("[onerror]"));
        Assert.Equal($"批次/{hostile}", page.QuerySelector("input[name=Paths]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Links_lead_to_the_very_file_that_they_name()
    {
        var clip = app.AddVideo("a b/50% #1?.mp4");
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/");
        await visitor.OpenAsync(page.QuerySelector("a.thumb")!.GetAttribute("data-play")!);
        Assert.Equal(clip, await visitor.Answer.Content.ReadAsByteArrayAsync());
        var watch = await visitor.OpenAsync(page.QuerySelector("a.thumb")!.GetAttribute("href")!);
        Assert.Equal("50% #1?.mp4", watch.QuerySelector("h1")!.TextContent.Trim());
    }

    [Fact]
    public async Task A_broken_video_says_why_and_cannot_be_picked()
    {
        app.AddVideo("good.mp4");
        app.Folder.Write("outputs/cut.mp4", Clips.Mp4()[..1000], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/?state=broken");
        var row = Assert.Single(page.QuerySelectorAll(".row"));
        Assert.NotEmpty(row.QuerySelector(".row-reason-broken")!.TextContent.Trim());
        Assert.True(row.QuerySelector("input[name=Paths]")!.HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("zh-CN", "提示：视频末尾之后有 2.5 MB 不属于视频的内容，不影响播放。", "视频不完整：缺少 1.2 MB 的画面或声音，文件只有 800 KB，渲染或复制可能中断。")]
    [InlineData("en-GB", "Note: 2.5 MB after the end of the video are not part of it. It plays all the same.",
        "Incomplete: 1.2 MB of pictures or sound are missing; the file has 800 KB. Rendering or copying was probably interrupted.")]
    public async Task A_noted_and_a_broken_video_say_what_is_odd_in_a_sentence_and_in_megabytes(string language, string note, string reason)
    {
        var settled = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        app.Folder.Write("outputs/noted.mp4", [.. Clips.Mp4(), .. new byte[2_500_000]], settled);
        app.Folder.Write("outputs/cut.mp4", Clips.Mp4(2_000_000)[..800_000], settled);
        using var visitor = await PageVisitor.OfAsync(app, language);

        var noted = Assert.Single((await visitor.OpenAsync("/?state=ready")).QuerySelectorAll(".row"));
        Assert.Equal(note, noted.QuerySelector(".row-reason")!.TextContent);
        Assert.False(noted.QuerySelector("input[name=Paths]")!.HasAttribute("disabled"));
        Assert.Contains(note, (await visitor.OpenAsync("/watch/noted.mp4")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(reason, (await visitor.OpenAsync("/?state=broken")).QuerySelector(".row-reason-broken")!.TextContent);
    }

    [Fact]
    public async Task Pages_are_cut_on_the_server_and_keep_the_filter()
    {
        for (var number = 0; number < 60; number++)
        {
            app.AddVideo($"batch/{number:00}.mp4", length: 300, seed: number);
        }

        using var visitor = await PageVisitor.OfAsync(app);
        var first = await visitor.OpenAsync("/?batch=batch&sort=name");
        Assert.Equal(50, first.QuerySelectorAll(".row").Length);
        var second = await visitor.OpenAsync("/" + first.QuerySelector("a[rel=next]")!.GetAttribute("href"));
        Assert.Equal(10, second.QuerySelectorAll(".row").Length);
        Assert.Equal("50.mp4", second.QuerySelector(".row-name")!.TextContent);
    }

    [Fact]
    public async Task An_address_with_nonsense_shows_the_library()
    {
        app.AddVideo("a.mp4");
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/?state=maybe&sort=99&page=-4&q=");
        Assert.Equal(HttpStatusCode.OK, visitor.Answer.StatusCode);
        Assert.Single(page.QuerySelectorAll(".row"));
    }

    [Fact]
    public async Task An_empty_folder_is_named()
    {
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/");
        Assert.Equal("还没有视频", page.QuerySelector(".empty h2")!.TextContent);
        Assert.Equal(app.Outputs, page.QuerySelector(".empty code")!.TextContent);
    }

    [Fact]
    public async Task A_missing_folder_is_a_fault_with_its_remedy()
    {
        Directory.Delete(app.Outputs);
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/");
        Assert.Equal("无法读取输出目录", page.QuerySelector(".empty h2")!.TextContent);
        Assert.NotEmpty(page.QuerySelectorAll(".notice-bad"));
    }

    [Fact]
    public async Task An_archive_that_nobody_knows_is_a_matter_of_the_ops_page()
    {
        const string Unknown = "heygem_batch_result_20260102_0304_aaaaaaaaaaaa.zip";
        app.Folder.Write("temp/" + Unknown, [1]);
        using var visitor = await PageVisitor.OfAsync(app);

        Assert.Contains(Unknown, (await visitor.OpenAsync("/ops")).Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(Unknown, (await visitor.OpenAsync("/")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_changes_with_what_is_shown()
    {
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/");
        var version = page.QuerySelector("#summary")!.GetAttribute("data-version");
        await visitor.OpenAsync("/?handler=Version");
        Assert.Equal(version, await visitor.Answer.Content.ReadAsStringAsync());

        app.AddVideo("new.mp4");
        await app.Get<HeyGemExport.Library.LibraryIndex>().RefreshAsync(CancellationToken.None);
        await visitor.OpenAsync("/?handler=Version");
        Assert.NotEqual(version, await visitor.Answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => app.Dispose();
}
