using HeyGemExport.Library;

namespace HeyGemExport.Tests.Library;

/// <summary>A look at some batches and files only. The settle time is 10 s.</summary>
public sealed class LibraryPartTests : IDisposable
{
    private readonly LibraryBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public async Task Finds_what_was_added_to_changed_in_and_removed_from_a_batch_since_the_last_scan()
    {
        foreach (var path in new[] { "b/stays.mp4", "b/goes.mp4", "b/grows.mp4", "b/c/stays.mp4" })
        {
            bed.Write(path);
        }

        await bed.ScanAsync();
        bed.Write("b/c/new.mp4");
        bed.WriteAged("b/grows.mp4", [.. ClipBytes.Mp4, 0], TimeSpan.Zero);
        File.Delete(Path.Combine(bed.Outputs, "b", "goes.mp4"));

        var batch = (await LookAsync(["b"])).InBatch("b").ToDictionary(video => video.Path, video => video.State, StringComparer.Ordinal);

        Assert.Equal(["b/c/new.mp4", "b/c/stays.mp4", "b/grows.mp4", "b/stays.mp4"], batch.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(VideoState.Writing, batch["b/grows.mp4"]);
        Assert.Equal(3, batch.Values.Count(state => state == VideoState.Ready));
    }

    [Fact]
    public async Task Finds_named_files_whether_the_last_scan_knew_them_or_not()
    {
        bed.Write("b/known.mp4");
        bed.Write("b/goes.mp4");
        await bed.ScanAsync();
        bed.Write("b/new.mp4");
        bed.Write("other/beside.mp4");
        bed.WriteAged("b/known.mp4", [.. ClipBytes.Mp4, 0], TimeSpan.Zero);
        File.Delete(Path.Combine(bed.Outputs, "b", "goes.mp4"));

        var snapshot = await LookAsync([], "b/known.mp4", "b/goes.mp4", "b/new.mp4", "b/new.mp4", "b/never.mp4");

        Assert.Equal(VideoState.Writing, snapshot.Find("b/known.mp4")?.State);
        Assert.Equal(VideoState.Ready, snapshot.Find("b/new.mp4")?.State);
        Assert.Equal(2, snapshot.Videos.Count);
    }

    [Fact]
    public async Task Looks_at_nothing_else()
    {
        bed.Write("b/a.mp4");
        bed.Write("other/a.mp4");
        bed.Write("a.mp4");
        var before = await bed.ScanAsync();
        bed.Write("other/new.mp4");
        bed.Write("new.mp4");
        File.Delete(Path.Combine(bed.Outputs, "other", "a.mp4"));

        Assert.Same(before, await LookAsync(["b"], "b/a.mp4"));
        Assert.Equal(4, (await bed.ScanAsync()).Videos.Count);
    }

    [Fact]
    public async Task The_ungrouped_batch_is_what_lies_in_the_folder_itself()
    {
        bed.Write("a.mp4");
        bed.Write("b/a.mp4");
        await bed.ScanAsync();
        bed.Write("new.mp4");
        bed.Write("b/new.mp4");

        var snapshot = await LookAsync([Video.Ungrouped]);

        Assert.Equal(2, snapshot.InBatch(Video.Ungrouped).Count);
        Assert.Single(snapshot.InBatch("b"));
    }

    [Fact]
    public async Task A_batch_takes_its_task_list_and_tags_along_and_others_keep_theirs()
    {
        bed.Write("b/a.mp4");
        bed.Write("other/a.mp4");
        bed.Write("other/tags.json", "[\"kept\"]"u8.ToArray());
        await bed.ScanAsync();
        bed.Write("b/tags.json", "[\"new\"]"u8.ToArray());
        bed.Write("b/tasks.csv", "name,file,state\n1,a.mp4,done\n2,,queued\n"u8.ToArray());

        var snapshot = await LookAsync(["b"]);

        Assert.Equal(["new"], snapshot.Find("b/a.mp4")!.Tags);
        Assert.Equal(["kept"], snapshot.Find("other/a.mp4")!.Tags);
        Assert.Equal(1, snapshot.Batches.Single(batch => batch.Name == "b").Tasks?.MissingCount);
    }

    [Fact]
    public async Task The_version_grows_only_when_something_changed()
    {
        bed.Write("b/a.mp4");
        var first = await bed.ScanAsync();
        var same = await LookAsync(["b"], "b/a.mp4");
        bed.Write("b/new.mp4");
        var more = await LookAsync(["b"]);

        Assert.Equal([1, 1, 2], [first.Version, same.Version, more.Version]);
        Assert.Equal(first.ScannedAt, more.ScannedAt);
        Assert.Equal(2, (await bed.ScanAsync()).Version);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("#recycle")]
    [InlineData("link")]
    [InlineData("a\0b")]
    [InlineData("b/c")]
    public async Task A_name_that_is_no_batch_leads_nowhere(string name)
    {
        bed.Folder.Write("secret/a.mp4", ClipBytes.Mp4);
        bed.Write("b/c/a.mp4");
        await bed.ScanAsync();
        bed.Write(".hidden/a.mp4");
        bed.Write("#recycle/a.mp4");
        bed.Write("b/c/new.mp4");
        Directory.CreateSymbolicLink(Path.Combine(bed.Outputs, "link"), bed.Folder["secret"]);

        Assert.Single((await LookAsync([name], $"{name}/a.mp4")).Videos);
    }

    [Fact]
    public async Task A_file_or_batch_that_became_a_link_is_gone()
    {
        bed.Folder.Write("secret/a.mp4", ClipBytes.Mp4);
        bed.Write("b/a.mp4");
        bed.Write("c/a.mp4");
        await bed.ScanAsync();
        Directory.Delete(Path.Combine(bed.Outputs, "b"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(bed.Outputs, "b"), bed.Folder["secret"]);
        File.Delete(Path.Combine(bed.Outputs, "c", "a.mp4"));
        File.CreateSymbolicLink(Path.Combine(bed.Outputs, "c", "a.mp4"), bed.Folder["secret", "a.mp4"]);

        Assert.Empty((await LookAsync(["b"], "c/a.mp4")).Videos);
    }

    [Fact]
    public async Task Says_that_the_folder_is_missing_and_knows_when_it_is_back()
    {
        bed.Write("b/a.mp4");
        await bed.ScanAsync();
        Directory.Move(bed.Outputs, bed.Folder["away"]);

        Assert.Equal("outputs-missing", (await LookAsync(["b"])).Fault?.Code);
        Directory.Move(bed.Folder["away"], bed.Outputs);
        Assert.NotNull((await LookAsync(["b"])).Find("b/a.mp4"));
    }

    [Fact]
    public async Task Before_the_first_scan_it_looks_at_everything()
    {
        bed.Write("b/a.mp4");
        bed.Write("other/a.mp4");

        Assert.Equal(2, (await LookAsync(["b"])).Videos.Count);
    }

    [Fact]
    public async Task Looks_and_scans_at_once_lose_nothing_and_each_sees_what_was_written_before_it()
    {
        await bed.ScanAsync();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            await Task.Yield();
            var path = $"batch-{number % 5}/{number}.mp4";
            bed.Write(path);
            var snapshot = (number % 3) switch
            {
                0 => await bed.ScanAsync(),
                1 => await LookAsync([$"batch-{number % 5}"]),
                _ => await LookAsync([], path),
            };
            Assert.NotNull(snapshot.Find(path));
        }));

        var all = bed.Index.Current;
        Assert.Equal(100, all.Videos.Count);
        Assert.Same(all.Videos, (await bed.ScanAsync()).Videos);
    }

    [LinuxFact]
    public async Task A_file_that_another_of_the_same_length_and_time_replaced_is_read_again()
    {
        var path = bed.Write("b/a.mp4");
        var before = (await bed.ScanAsync()).Find("b/a.mp4")!;
        bed.Write("b/other", new byte[ClipBytes.Mp4.Length]);
        File.SetLastWriteTimeUtc(Path.Combine(bed.Outputs, "b", "other"), File.GetLastWriteTimeUtc(path));
        File.Move(Path.Combine(bed.Outputs, "b", "other"), path, overwrite: true);

        var after = (await LookAsync([], "b/a.mp4")).Find("b/a.mp4")!;

        Assert.Equal((VideoState.Ready, VideoState.Broken), (before.State, after.State));
        Assert.Equal(bed.Root.Identify("b/a.mp4"), after.Identity);
    }

    [LinuxFact]
    public async Task A_change_that_put_length_and_time_back_is_in_the_identity()
    {
        var path = bed.Write("b/a.mp4");
        var before = (await bed.ScanAsync()).Find("b/a.mp4")!;
        var time = File.GetLastWriteTimeUtc(path);
        File.SetLastWriteTimeUtc(path, time.AddHours(1));
        File.SetLastWriteTimeUtc(path, time);

        var after = (await LookAsync(["b"])).Find("b/a.mp4")!;

        Assert.NotEqual(before.Identity, after.Identity);
        Assert.Equal(bed.Root.Identify("b/a.mp4"), after.Identity);
        Assert.Equal(VideoState.Ready, after.State);
    }

    private Task<LibrarySnapshot> LookAsync(string[] batches, params string[] paths) => bed.Index.RefreshAsync(
        new LibraryPart(batches.ToHashSet(StringComparer.Ordinal), paths), CancellationToken.None);
}
