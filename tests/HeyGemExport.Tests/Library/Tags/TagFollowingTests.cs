using HeyGemExport.Library.Tags;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Tests.Library.Tags;

/// <summary>Tags stay with the file that they were given to.</summary>
public sealed class TagFollowingTests
{
    [Fact]
    public async Task Follow_a_file_that_is_renamed_or_moved_to_another_batch()
    {
        using var bed = new LibraryBed();
        bed.Write("b1/a.mp4");
        bed.Write("b1/other.mp4", ClipBytes.Join(ClipBytes.Mp4, ClipBytes.Box("free", new byte[10])));
        await bed.ScanAsync();
        await TagAsync(bed, TaggedKind.Video, "b1/a.mp4", "keep");

        Move(bed, "b1/a.mp4", "b2/new name.mp4");
        var moved = await bed.ScanAsync();

        Assert.Equal(["keep"], moved.Find("b2/new name.mp4")!.Tags);
        Assert.Empty(moved.Find("b1/other.mp4")!.Tags);
        Assert.Equal(["keep"], (await bed.ScanAsync()).Find("b2/new name.mp4")!.Tags);
    }

    [Fact]
    public async Task Follow_two_files_that_change_places()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4");
        bed.WriteAged("b.mp4", ClipBytes.Mp4, TimeSpan.FromHours(2));
        await bed.ScanAsync();
        await TagAsync(bed, TaggedKind.Video, "a.mp4", "was a");
        await TagAsync(bed, TaggedKind.Video, "b.mp4", "was b");

        Move(bed, "a.mp4", "x");
        Move(bed, "b.mp4", "a.mp4");
        Move(bed, "x", "b.mp4");
        var snapshot = await bed.ScanAsync();

        Assert.Equal(["was b"], snapshot.Find("a.mp4")!.Tags);
        Assert.Equal(["was a"], snapshot.Find("b.mp4")!.Tags);
    }

    [Fact]
    public async Task Are_not_inherited_by_a_file_that_is_made_anew_under_the_same_name()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4");
        await bed.ScanAsync();
        await TagAsync(bed, TaggedKind.Video, "a.mp4", "old");

        // The file system likes to give the inode that has just become free to the next file.
        File.Delete(bed.Folder["outputs", "a.mp4"]);
        bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.FromHours(3));

        Assert.Empty((await bed.ScanAsync()).Find("a.mp4")!.Tags);
        await TagAsync(bed, TaggedKind.Video, "a.mp4", "new");
        Assert.Equal(["new"], (await bed.ScanAsync()).Find("a.mp4")!.Tags);
    }

    [Fact]
    public async Task Come_back_with_a_file_that_was_away()
    {
        using var bed = new LibraryBed();
        bed.Write("b1/a.mp4");
        await bed.ScanAsync();
        await TagAsync(bed, TaggedKind.Video, "b1/a.mp4", "keep");

        File.Move(bed.Folder["outputs", "b1", "a.mp4"], bed.Folder["away.mp4"]);
        Assert.Null((await bed.ScanAsync()).Find("b1/a.mp4"));
        File.Move(bed.Folder["away.mp4"], bed.Folder["outputs", "b1", "a.mp4"]);

        Assert.Equal(["keep"], (await bed.ScanAsync()).Find("b1/a.mp4")!.Tags);
    }

    [Fact]
    public async Task Are_forgotten_when_a_file_has_been_gone_for_a_month()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4");
        bed.Write("b.mp4", ClipBytes.Join(ClipBytes.Mp4, ClipBytes.Box("free", new byte[10])));
        await bed.ScanAsync();
        await TagAsync(bed, TaggedKind.Video, "a.mp4", "old");
        File.Delete(bed.Folder["outputs", "a.mp4"]);
        var store = bed.Host.Services.GetRequiredService<TagStore>();
        await bed.ScanAsync();
        Assert.Single((await store.LoadAsync(default)).Items);

        bed.Time.Advance(TimeSpan.FromDays(31));
        await bed.ScanAsync();

        Assert.Empty((await store.LoadAsync(default)).Items);
    }

    [Fact]
    public async Task Of_a_batch_are_those_of_its_videos_and_follow_its_folder()
    {
        using var bed = new LibraryBed();
        bed.Write("b1/a.mp4");
        await bed.ScanAsync();
        await TagAsync(bed, TaggedKind.Batch, "b1", "shop");
        Assert.Equal(["shop"], (await bed.ScanAsync()).Find("b1/a.mp4")!.Tags);

        Directory.Move(bed.Folder["outputs", "b1"], bed.Folder["outputs", "renamed"]);
        Assert.Equal(["shop"], (await bed.ScanAsync()).Find("renamed/a.mp4")!.Tags);

        Directory.Delete(bed.Folder["outputs", "renamed"], recursive: true);
        bed.Write("renamed/a.mp4");
        Assert.Empty((await bed.ScanAsync()).Find("renamed/a.mp4")!.Tags);
    }

    [Fact]
    public async Task The_first_of_two_names_of_one_file_keeps_its_tags_to_itself()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4");
        await bed.ScanAsync();
        await TagAsync(bed, TaggedKind.Video, "a.mp4", "one");
        Assert.Equal("", await ExternalTools.RunAsync(bed.Outputs, "ln", "a.mp4", "b.mp4"));

        var snapshot = await bed.ScanAsync();

        Assert.Equal(["one"], snapshot.Find("a.mp4")!.Tags);
        Assert.Empty(snapshot.Find("b.mp4")!.Tags);
    }

    private static async Task TagAsync(LibraryBed bed, TaggedKind kind, string path, string tag)
    {
        var target =
            TagTracker.Describe(bed.Root, new TaggedKey(kind, path), bed.Index.Current.Find(path),
            await bed.Root.KeepsIdentityAsync(default))!;
        Assert.Equal(1, (await bed.Host.Services.GetRequiredService<TagService>().ChangeAsync([target], [tag], [], default)).Changed);
        bed.Index.Retag();
    }

    private static void Move(LibraryBed bed, string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(bed.Folder["outputs", to])!);
        File.Move(bed.Folder["outputs", from], bed.Folder["outputs", to]);
    }
}
