using System.Diagnostics;
using System.Text;
using HeyGemExport.FileSystem;
using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.FileSystem;

public class OutputsRootTests
{
    public static TheoryData<string> PathsThatAreNone => new()
    {
        "", "/", ".", "..", "../secret.mp4", "a/../../secret.mp4", "a/./b.mp4", "a//b.mp4", "/a/b.mp4", "a/b.mp4/", "./a/b.mp4",
        "..\\secret.mp4", "a\\..\\..\\secret.mp4", "C:\\secret.mp4", "C:/secret.mp4", "c:", "\\\\server\\share\\x.mp4", "\\x.mp4",
        "//server/share/x.mp4", "a/b.mp4\0.txt", "a", "a/missing.mp4", "a/b.mp4/c.mp4", "../outputs-secret/x.mp4", "/etc/passwd",
    };

    [Theory]
    [MemberData(nameof(PathsThatAreNone))]
    public void Refuses_what_is_not_a_file_below_the_folder(string path)
    {
        using var bed = new LibraryBed();
        bed.Write("a/b.mp4");
        bed.Folder.Write("secret.mp4", ClipBytes.Mp4);
        bed.Folder.Write("outputs-secret/x.mp4", ClipBytes.Mp4);

        Assert.Null(bed.Root.Resolve(path));
        Assert.Throws<FileNotFoundException>(() => bed.Root.OpenRead(path));
    }

    [Fact]
    public void Refuses_a_path_longer_than_any_file_system_takes()
    {
        using var bed = new LibraryBed();

        Assert.Null(bed.Root.Resolve(new string('a', 100_000) + ".mp4"));
        Assert.Throws<FileNotFoundException>(() => bed.Root.OpenRead(string.Join('/', Enumerable.Repeat("a", 10_000))));
    }

    [Theory]
    [InlineData("a/b.mp4")]
    [InlineData("批次 1/数字人视频_张三.mp4")]
    [InlineData("e\u0301te\u0301.mov")]
    [InlineData("..a/b...mp4")]
    [InlineData("100% #1 & 'x' \"y\" <img src=x>.mp4")]
    public async Task Opens_a_file_by_its_exact_name(string path)
    {
        using var bed = new LibraryBed();
        bed.Write(path, Encoding.UTF8.GetBytes("content of " + path));

        Assert.Equal(new FileInfo(Path.Combine(bed.Outputs, path)).Length, bed.Root.Resolve(path)?.Bytes);
        await using var stream = bed.Root.OpenRead(path);
        using var reader = new StreamReader(stream);
        Assert.Equal("content of " + path, await reader.ReadToEndAsync());
    }

    [Fact]
    public void Never_follows_a_link_below_the_folder()
    {
        using var bed = new LibraryBed();
        var secret = bed.Folder.Write("secret/x.mp4", ClipBytes.Mp4);
        var inside = bed.Write("a/b.mp4");
        File.CreateSymbolicLink(Path.Combine(bed.Outputs, "out.mp4"), secret);
        File.CreateSymbolicLink(Path.Combine(bed.Outputs, "within.mp4"), inside);
        Directory.CreateSymbolicLink(Path.Combine(bed.Outputs, "folder"), Path.GetDirectoryName(secret)!);

        foreach (var path in new[] { "out.mp4", "within.mp4", "folder/x.mp4" })
        {
            Assert.Null(bed.Root.Resolve(path));
            Assert.Throws<FileNotFoundException>(() => bed.Root.OpenRead(path));
        }
    }

    [Fact]
    public void Follows_links_on_the_way_to_the_folder_itself()
    {
        using var bed = new LibraryBed(("Library:OutputsPath", "mounted/outputs"));
        bed.Write("a/b.mp4");
        Directory.CreateSymbolicLink(bed.Folder["mounted"], bed.Folder.FullPath);
        Directory.Move(bed.Outputs, bed.Folder["real"]);
        Directory.CreateSymbolicLink(bed.Outputs, bed.Folder["real"]);

        using var stream = bed.Root.OpenRead("a/b.mp4");

        Assert.Equal(ClipBytes.Mp4.Length, stream.Length);
    }

    [LinuxFact]
    public void The_folder_stays_the_same_whatever_is_put_into_it()
    {
        using var bed = new LibraryBed();
        var before = bed.Root.FolderId();

        Directory.CreateDirectory(Path.Combine(bed.Outputs, "batch"));
        bed.Write("batch/a.mp4");
        Directory.SetLastWriteTimeUtc(bed.Outputs, DateTime.UnixEpoch);

        Assert.NotNull(before);
        Assert.Equal(before, bed.Root.FolderId());
    }

    [LinuxFact]
    public void The_folder_is_another_one_when_it_was_made_again_or_is_a_link_elsewhere()
    {
        using var bed = new LibraryBed();
        var first = bed.Root.FolderId();
        Directory.Move(bed.Outputs, bed.Folder["first"]);
        Assert.Null(bed.Root.FolderId());

        Directory.CreateDirectory(bed.Outputs);
        Assert.NotEqual(first, bed.Root.FolderId());

        Directory.Delete(bed.Outputs);
        Directory.CreateSymbolicLink(bed.Outputs, bed.Folder["first"]);
        Assert.Equal(first, bed.Root.FolderId());
    }

    [Fact]
    public async Task Reads_nothing_through_a_folder_that_is_swapped_for_a_link_again_and_again()
    {
        using var bed = new LibraryBed();
        bed.Write("a/b.mp4", Encoding.ASCII.GetBytes("inside"));
        bed.Folder.Write("secret/b.mp4", Encoding.ASCII.GetBytes("secret"));
        var (folder, aside) = (Path.Combine(bed.Outputs, "a"), Path.Combine(bed.Outputs, "aside"));
        using var stop = new CancellationTokenSource();
        var swaps = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Directory.Move(folder, aside);
                Directory.CreateSymbolicLink(folder, bed.Folder["secret"]);
                Directory.Delete(folder);
                Directory.Move(aside, folder);
            }
        });

        for (var attempt = 0; attempt < 5000; attempt++)
        {
            try
            {
                Assert.Equal("inside", ReadSix(bed));
            }
            catch (FileNotFoundException)
            {
                // The answer while the link stands there.
            }
        }

        await stop.CancelAsync();
        await swaps;
        Assert.Equal("inside", ReadSix(bed));
    }

    [Fact]
    public async Task Opening_a_pipe_neither_waits_nor_succeeds()
    {
        using var bed = new LibraryBed();
        var pipe = Path.Combine(bed.Outputs, "pipe.mp4");
        using (var mkfifo = Process.Start("mkfifo", [pipe]))
        {
            await mkfifo.WaitForExitAsync();
        }

        Assert.Null(bed.Root.Resolve("pipe.mp4"));
        Assert.Throws<FileNotFoundException>(() => bed.Root.OpenRead("pipe.mp4"));
        Assert.Empty((await bed.ScanAsync()).Videos);
    }

    /// <summary>After it was seen to be a file.</summary>
    [LinuxFact]
    public async Task A_pipe_that_was_put_there_at_the_last_moment_keeps_nobody_waiting()
    {
        using var folder = new TempFolder();
        Assert.True(MountedFolder.Run("mkfifo", folder["pipe"]));

        var opening = Task.Run(() => LinuxSyscalls.OpenRead(Encoding.UTF8.GetBytes(folder["pipe"])));
        try
        {
            using var opened = await opening.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.NotNull(opened);
        }
        finally
        {
            // Whoever waits for a writer has one.
            await using var writer = new FileStream(folder["pipe"], FileMode.Open, FileAccess.ReadWrite);
        }
    }

    [Fact]
    public void Lets_others_write_and_delete_what_it_has_open()
    {
        using var bed = new LibraryBed();
        var path = bed.Write("a.mp4");

        using var stream = bed.Root.OpenRead("a.mp4");
        using (var writer = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            writer.WriteByte(1);
        }

        File.Delete(path);
        Assert.Equal(ClipBytes.Mp4.Length + 1, stream.Length);
    }

    [Fact]
    public void A_folder_that_is_not_there_yet_holds_nothing()
    {
        using var bed = new LibraryBed(("Library:OutputsPath", "later"));

        Assert.Equal(bed.Folder["later"], bed.Root.FullPath);
        Assert.Null(bed.Root.Resolve("a.mp4"));
    }

    private static string ReadSix(LibraryBed bed)
    {
        using var stream = bed.Root.OpenRead("a/b.mp4");
        var bytes = new byte[6];
        stream.ReadExactly(bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}
