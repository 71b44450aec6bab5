using HeyGemExport.Library;

namespace HeyGemExport.Tests.Library;

/// <summary>What is odd about a ready video, and folders that never hold one.</summary>
public class NotedVideoTests
{
    [Theory]
    [InlineData("a.mp4", "mkv", "named-otherwise", "MKV", "MP4")]
    [InlineData("a.avi", "mp4", "named-otherwise", "MP4", "AVI")]
    [InlineData("a.mkv", "avi", "named-otherwise", "AVI", "MKV")]
    [InlineData("a.mkv", "flv", "not-checked", "FLV")]
    public async Task A_video_under_the_name_of_another_container_is_ready_with_a_note(string name, string content, string code,
        params string[] args)
    {
        using var bed = new LibraryBed();
        bed.Write(name, content switch { "mkv" => ClipBytes.Mkv, "mp4" => ClipBytes.Mp4, "avi" => ClipBytes.Avi, _ =>
            [.. "FLV"u8, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0] });

        var video = await bed.StateOfAsync(name);

        Assert.Equal((VideoState.Ready, null, content), (video.State, video.Fault, video.Container));
        Assert.Equal([code, .. args], [video.Notes[0].Code, .. video.Notes[0].Args.Cast<string>()]);
    }

    [Fact]
    public async Task What_is_no_video_is_broken_under_a_name_of_one_and_taken_as_it_is_under_another()
    {
        using var bed = new LibraryBed(("Library:Extensions", ".mp4, .wmv, .webm"));
        bed.Write("a.mp4", [1, 2, 3]);
        bed.Write("a.wmv", [1, 2, 3]);
        bed.Write("cut.webm", ClipBytes.Mkv[..^1]);

        var (broken, taken, cut) = (await bed.StateOfAsync("a.mp4"), await bed.StateOfAsync("a.wmv"), await bed.StateOfAsync("cut.webm"));

        Assert.Equal((VideoState.Broken, "not-a-container"), (broken.State, broken.Fault?.Code));
        Assert.Equal((VideoState.Ready, "not-checked"), (taken.State, Assert.Single(taken.Notes).Code));
        Assert.Equal(VideoState.Broken, cut.State);
    }

    [Fact]
    public async Task A_video_that_gets_another_name_is_not_read_again_and_its_note_follows_the_name()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4", ClipBytes.Mkv);
        Assert.Equal("named-otherwise", Assert.Single((await bed.StateOfAsync("a.mp4")).Notes).Code);

        File.Move(Path.Combine(bed.Outputs, "a.mp4"), Path.Combine(bed.Outputs, "b.mkv"));
        var renamed = await bed.StateOfAsync("b.mkv");

        Assert.Equal(VideoState.Ready, renamed.State);
        Assert.Empty(renamed.Notes);
    }

    [Theory]
    [InlineData("#recycle/batch/old.mp4")]
    [InlineData("batch/@eaDir/real.mp4")]
    [InlineData("$RECYCLE.BIN/S-1-5-21-1/$R1.mp4")]
    [InlineData("System Volume Information/x.mp4")]
    [InlineData("LOST+FOUND/x.mp4")]
    [InlineData(".Trash-1000/files/old.mp4")]
    public async Task Folders_of_deleted_and_derived_files_are_not_listed(string path)
    {
        using var bed = new LibraryBed();
        bed.Write(path);
        bed.Write("batch/real.mp4");

        Assert.Equal(["batch/real.mp4"], (await bed.ScanAsync()).Videos.Select(video => video.Path));
    }

    [Fact]
    public async Task Ignored_folders_are_configured()
    {
        using var bed = new LibraryBed(("Library:IgnoredFolders:0", "old *"), ("Library:IgnoredFolders:1", "drafts"));
        bed.Write("Old things/a.mp4");
        bed.Write("b/drafts/a.mp4");
        bed.Write("#recycle/a.mp4");

        Assert.Equal(["#recycle/a.mp4"], (await bed.ScanAsync()).Videos.Select(video => video.Path));
    }
}
