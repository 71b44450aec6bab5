using System.Runtime.Versioning;
using HeyGemExport.Health;

namespace HeyGemExport.Tests.Health;

[UnsupportedOSPlatform("windows")]
public sealed class FolderProbeTests : IDisposable
{
    private static readonly string[] Extensions = [".mp4"];
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_that_is_there_is_readable_even_when_it_is_empty()
    {
        Directory.CreateDirectory(folder["outputs"]);

        Assert.Equal((CheckState.Ok, "folder-readable"), StateOf(Probe("outputs").Readable(Extensions)));
    }

    [Fact]
    public void A_missing_folder_to_read_fails_and_is_not_created()
    {
        Assert.Equal((CheckState.Failed, "folder-missing"), StateOf(Probe("outputs").Readable(Extensions)));
        Assert.False(Directory.Exists(folder["outputs"]));
    }

    [Fact]
    public void A_missing_folder_to_write_is_created_and_left_empty()
    {
        Assert.Equal((CheckState.Ok, "folder-writable"), StateOf(Probe("a/b").Writable()));
        Assert.Empty(Directory.GetFileSystemEntries(folder["a", "b"]));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    [InlineData("file/far/below")]
    public void A_file_in_the_way_is_named(string path)
    {
        folder.Write("file", [1]);

        var read = Probe(path).Readable(Extensions);
        var write = Probe(path).Writable();

        Assert.Equal((CheckState.Failed, "folder-is-file"), StateOf(read));
        Assert.Equal((CheckState.Failed, "folder-is-file"), StateOf(write));
        Assert.Equal(folder["file"], write.Args[4]);
    }

    [Fact]
    public void A_folder_of_another_owner_cannot_be_written()
    {
        var path = Directory.CreateDirectory(folder["temp"], UnixFileMode.UserRead | UnixFileMode.UserExecute).FullName;
        Passable(folder.FullPath);
        Passable(path);

        var result = AsOtherUser(() => Probe("temp").Writable());

        Assert.Equal((CheckState.Failed, "folder-denied"), StateOf(result));
        Assert.Equal((CheckState.Failed, "folder-denied"), StateOf(AsOtherUser(() => Probe("temp/new").Writable())));
    }

    [Fact]
    public void A_folder_of_another_owner_cannot_be_read_until_its_mode_allows_it()
    {
        Directory.CreateDirectory(folder["outputs"], UnixFileMode.None);
        Passable(folder.FullPath);

        var before = AsOtherUser(() => Probe("outputs").Readable(Extensions));
        Passable(folder["outputs"]);
        var after = AsOtherUser(() => Probe("outputs").Readable(Extensions));

        Assert.Equal((CheckState.Failed, "folder-unreadable"), StateOf(before));
        Assert.Equal((CheckState.Ok, "folder-readable"), StateOf(after));
    }

    [Fact]
    public void A_video_that_cannot_be_opened_fails_the_folder()
    {
        File.SetUnixFileMode(folder.Write("outputs/a.mp4", [1]), UnixFileMode.None);
        Passable(folder.FullPath);
        Passable(folder["outputs"]);

        Assert.Equal((CheckState.Failed, "folder-unreadable"), StateOf(AsOtherUser(() => Probe("outputs").Readable(Extensions))));
    }

    [Fact]
    public void One_batch_that_cannot_be_read_degrades_and_is_named()
    {
        Directory.CreateDirectory(folder["outputs", "batch_1"]);
        Directory.CreateDirectory(folder["outputs", "batch_2"], UnixFileMode.None);
        Passable(folder.FullPath);
        Passable(folder["outputs"]);
        Passable(folder["outputs", "batch_1"]);

        var result = AsOtherUser(() => Probe("outputs").Readable(Extensions));

        Assert.Equal((CheckState.Degraded, "batch-denied"), StateOf(result));
        Assert.Equal(folder["outputs", "batch_2"], result.Args[4]);
    }

    [Fact]
    public void A_read_only_mount_is_told_apart_from_missing_rights()
    {
        using var disk = MountedFolder.TryMount(folder["temp"], "ro");
        if (disk is null)
        {
            return; // Only where mounting is allowed.
        }

        Assert.Equal((CheckState.Failed, "folder-read-only"), StateOf(Probe("temp").Writable()));
    }

    [Fact]
    public void A_full_disk_fails_and_keeps_no_trace_of_the_attempt()
    {
        using var disk = MountedFolder.TryMount(folder["temp"], "size=16k");
        if (disk is null)
        {
            return; // Only where mounting is allowed.
        }

        Assert.Equal((CheckState.Failed, "folder-full"), StateOf(Probe("temp").Writable()));
        Assert.Empty(Directory.GetFileSystemEntries(folder["temp"]));
    }

    [Theory]
    [InlineData(0, 0, CheckState.Ok, "space-enough")]
    [InlineData(long.MaxValue, 0, CheckState.Degraded, "space-low")]
    [InlineData(long.MaxValue, long.MaxValue, CheckState.Failed, "space-out")]
    public void Free_space_is_held_against_both_limits(long low, long least, CheckState state, string code)
    {
        Assert.Equal((state, code), StateOf(Probe("not/yet/there").Space(low, least)));
    }

    [Fact]
    public async Task A_pipe_under_the_name_of_a_video_is_not_opened()
    {
        Directory.CreateDirectory(folder["outputs", "batch"]);
        Assert.True(MountedFolder.Run("mkfifo", folder["outputs", "x.mp4"], folder["outputs", "batch", "y.mp4"]));

        // Opening one that nobody writes to takes for ever.
        var result = await Task.Run(() => Probe("outputs").Readable(Extensions)).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(CheckState.Ok, result.State);
    }

    [MountFact]
    public void A_folder_in_memory_is_no_place_for_archives()
    {
        using var disk = MountedFolder.Mount(folder["temp"], "size=1m");

        Assert.Equal((CheckState.Degraded, "folder-in-memory"), StateOf(Probe("temp").WritableOnDisk()));
        Assert.Equal((CheckState.Ok, "folder-writable"), StateOf(Probe("temp").Writable()));
    }

    private static CheckResult AsOtherUser(Func<CheckResult> probe)
    {
        // The runtime loads code when it is first used, from where the other user may not be let in.
        _ = probe();
        using (new OtherUser())
        {
            return probe();
        }
    }

    private static void Passable(string path) => File.SetUnixFileMode(
        path,
        UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

    private static (CheckState State, string Code) StateOf(CheckResult result) => (result.State, result.Code);

    private FolderProbe Probe(string path) => new("temp", "Exports:TempPath", folder[path]);
}
