using HeyGemExport.Library;

namespace HeyGemExport.Tests.Library;

public class LibraryIndexTests
{
    [Fact]
    public async Task Lists_videos_by_extension_without_case_at_any_depth_and_nothing_else()
    {
        using var bed = new LibraryBed();
        string[] videos = ["a.mp4", "B.MP4", "batch/c.Mov", "batch/deep/er/d.AVI", "批次/数字人视频_张三.mkv"];
        string[] others =
            ["a.mp4.tmp", "a.txt", "log.log", "mp4", "a.mp4.exe", ".hidden.mp4", ".hidden/e.mp4", "batch/.cache/f.mp4", "batch/a.part"];
        foreach (var path in videos.Concat(others))
        {
            bed.Write(path);
        }

        Directory.CreateDirectory(Path.Combine(bed.Outputs, "folder.mp4"));

        var snapshot = await bed.ScanAsync();

        Assert.Equal(videos.Order(StringComparer.Ordinal), snapshot.Videos.Select(video => video.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Never_lists_links_nor_what_lies_behind_them()
    {
        using var bed = new LibraryBed();
        var secret = bed.Folder.Write("secret/x.mp4", ClipBytes.Mp4);
        bed.Write("a/b.mp4");
        File.CreateSymbolicLink(Path.Combine(bed.Outputs, "out.mp4"), secret);
        File.CreateSymbolicLink(Path.Combine(bed.Outputs, "dangling.mp4"), bed.Folder["nowhere"]);
        Directory.CreateSymbolicLink(Path.Combine(bed.Outputs, "folder"), bed.Folder["secret"]);
        Directory.CreateSymbolicLink(Path.Combine(bed.Outputs, "a", "loop"), bed.Outputs);

        Assert.Equal("a/b.mp4", Assert.Single((await bed.ScanAsync()).Videos).Path);
    }

    [Fact]
    public async Task Groups_videos_by_their_first_folder()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4");
        bed.Write("b/1.mp4");
        bed.Write("b/c/2.mp4", [1]);

        var batches = (await bed.ScanAsync()).Batches.ToDictionary(batch => batch.Name, StringComparer.Ordinal);

        Assert.Equal((1, 1), (batches[Video.Ungrouped].Videos, batches[Video.Ungrouped].Ready));
        Assert.Equal((2, 1, ClipBytes.Mp4.Length + 1L), (batches["b"].Videos, batches["b"].Ready, batches["b"].Bytes));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_read_hides_no_other_and_is_reported_once()
    {
        using var bed = new LibraryBed();
        bed.Write("a/b.mp4");
        // Together longer than any path that the system takes.
        var deep = string.Join('/', Enumerable.Repeat(new string('x', 200), 12));
        Directory.CreateDirectory(Path.Combine(bed.Outputs, "one", deep));
        Directory.CreateDirectory(Path.Combine(bed.Outputs, "two", deep));
        Directory.Move(Path.Combine(bed.Outputs, "two"), Path.Combine(bed.Outputs, "one", deep, "two"));

        await bed.ScanAsync();
        Assert.Single((await bed.ScanAsync()).Videos);

        Assert.Contains("无法读取", Assert.Single(bed.Logger.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_first_scan_there_is_nothing_and_no_time()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4");

        Assert.Null(bed.Index.Current.ScannedAt);
        Assert.Equal(0, bed.Index.Query(new VideoQuery()).Total);
        Assert.NotNull((await bed.ScanAsync()).ScannedAt);
        Assert.Equal(1, bed.Index.Query(new VideoQuery()).Total);
    }

    [Fact]
    public async Task The_version_grows_only_when_something_changed()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4");
        bed.Write("b.mp4", [1, 2, 3]);
        var first = await bed.ScanAsync();
        bed.Time.Advance(TimeSpan.FromMinutes(1));
        var same = await bed.ScanAsync();
        bed.Write("c.mp4");
        var more = await bed.ScanAsync();
        File.Delete(Path.Combine(bed.Outputs, "a.mp4"));
        var fewer = await bed.ScanAsync();

        Assert.Equal([1, 1, 2, 3], [first.Version, same.Version, more.Version, fewer.Version]);
        Assert.True(same.ScannedAt > first.ScannedAt);
        Assert.Null(fewer.Find("a.mp4"));
    }

    [Fact]
    public async Task A_refresh_sees_what_was_written_before_it_however_many_ask_at_once()
    {
        using var bed = new LibraryBed();
        var refreshes = Enumerable.Range(0, 100).Select(async number =>
        {
            await Task.Yield();
            bed.Write($"{number}.mp4");
            return (await bed.ScanAsync()).Find($"{number}.mp4");
        });

        Assert.All(await Task.WhenAll(refreshes), Assert.NotNull);
    }

    [Fact]
    public async Task A_missing_folder_is_said_and_forgotten_when_it_comes_back()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4");
        Directory.Move(bed.Outputs, bed.Folder["away"]);
        var missing = await bed.ScanAsync();
        Directory.Move(bed.Folder["away"], bed.Outputs);
        var back = await bed.ScanAsync();

        Assert.Equal("outputs-missing", missing.Fault?.Code);
        Assert.Empty(missing.Videos);
        Assert.Null(back.Fault);
        Assert.Single(back.Videos);
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_said()
    {
        using var bed = new LibraryBed(("Library:OutputsPath", "file"));
        bed.Folder.Write("file", [1]);

        Assert.Contains((await bed.ScanAsync()).Fault?.Code, new[] { "outputs-missing", "outputs-unreadable" }, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("张三", "批次/数字人视频_张三.mp4")]
    [InlineData("  数字人　张三 ", "批次/数字人视频_张三.mp4")]
    [InlineData("SPEECH 2025", "speech_portrait_20251219.mp4")]
    [InlineData("caf\u00e9", "Cafe\u0301/x.mp4")]
    [InlineData("cafe\u0301/X", "Cafe\u0301/x.mp4")]
    public async Task A_search_finds_every_word_without_case_however_accents_are_encoded(string text, string path)
    {
        using var bed = new LibraryBed();
        bed.Write("批次/数字人视频_张三.mp4");
        bed.Write("speech_portrait_20251219.mp4");
        bed.Write("Cafe\u0301/x.mp4");
        await bed.ScanAsync();

        Assert.Equal(path, Assert.Single(bed.Index.QueryAll(new VideoQuery(Text: text))).Path);
        Assert.Equal(1, bed.Index.Query(new VideoQuery(Text: text)).Total);
        Assert.Empty(bed.Index.QueryAll(new VideoQuery(Text: text + " elsewhere")));
    }

    [Fact]
    public async Task A_search_for_half_a_character_finds_nothing_and_fails_nothing()
    {
        using var bed = new LibraryBed();
        bed.Write("张三.mp4");
        await bed.ScanAsync();

        Assert.Empty(bed.Index.QueryAll(new VideoQuery(Text: "\ud83d")));
    }

    [Fact]
    public async Task Filters_sorts_and_pages_together()
    {
        using var bed = new LibraryBed();
        bed.WriteAged("b/1.mp4", ClipBytes.Mp4, TimeSpan.FromHours(3));
        bed.WriteAged("b/2.mp4", ClipBytes.Avi[..^1], TimeSpan.FromHours(2));
        bed.WriteAged("b/3.mkv", ClipBytes.Mkv, TimeSpan.FromHours(1));
        bed.WriteAged("4.avi", ClipBytes.Avi, TimeSpan.FromHours(4));
        await bed.ScanAsync();

        string[] Paths(VideoQuery query) => [.. bed.Index.Query(query).Items.Select(video => video.Path)];

        Assert.Equal(["b/3.mkv", "b/2.mp4", "b/1.mp4", "4.avi"], Paths(new()));
        Assert.Equal(["4.avi", "b/1.mp4", "b/2.mp4", "b/3.mkv"], Paths(new(Sort: VideoSort.Oldest)));
        Assert.Equal(["4.avi", "b/1.mp4", "b/2.mp4", "b/3.mkv"], Paths(new(Sort: VideoSort.Name)));
        Assert.Equal(["b/1.mp4"], Paths(new(Sort: VideoSort.Largest, PageSize: 1)));
        Assert.Equal(["4.avi"], Paths(new(Batch: Video.Ungrouped)));
        Assert.Equal(["b/2.mp4"], Paths(new(State: VideoState.Broken)));
        Assert.Equal(["b/1.mp4"], Paths(new(Batch: "b", PageSize: 2, Page: 2)));
        Assert.Empty(Paths(new(Page: int.MaxValue, PageSize: 1000)));
        Assert.Empty(Paths(new(Tags: ["none"])));
    }

    [Fact]
    public async Task Ten_thousand_videos_are_paged_without_losing_or_repeating_one()
    {
        using var bed = new LibraryBed(("Library:SettleSeconds", "0"));
        var clip = ClipBytes.Mp4;
        for (var number = 0; number < 10_000; number++)
        {
            File.WriteAllBytes(
                Path.Combine(Directory.CreateDirectory(Path.Combine(bed.Outputs, $"batch_{number % 40}")).FullName, $"{number}.mp4"), clip);
        }

        await bed.ScanAsync();
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (var page = 1; page <= 10; page++)
        {
            var videos = bed.Index.Query(new VideoQuery(Page: page, PageSize: 1000, State: VideoState.Ready));
            Assert.Equal((10_000, 10_000L * clip.Length), (videos.Total, videos.TotalBytes));
            seen.UnionWith(videos.Items.Select(video => video.Path));
        }

        Assert.Equal(10_000, seen.Count);
    }
}
