using System.Globalization;
using HeyGemExport.FileSystem;
using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.FileSystem;

public sealed class RollingTextFileTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<Exception?> announced = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Writes_utf8_lines_without_a_byte_order_mark()
    {
        var file = Open(folder["logs", "运行.log"]);

        file.WriteLine("打包失败");
        file.WriteLine("second");

        Assert.Equal("打包失败\nsecond\n"u8.ToArray(), File.ReadAllBytes(folder["logs", "运行.log"]));
    }

    [Fact]
    public void Keeps_its_name_puts_full_files_aside_and_drops_the_oldest()
    {
        var file = Open(folder["run.log"], maxBytes: 12, keepFiles: 3);

        for (var line = 1; line <= 8; line++)
        {
            file.WriteLine("line" + line.ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal("line7\nline8\n", File.ReadAllText(folder["run.log"]));
        Assert.Equal("line5\nline6\n", File.ReadAllText(folder["run.1.log"]));
        Assert.Equal("line3\nline4\n", File.ReadAllText(folder["run.2.log"]));
        Assert.Equal(3, Directory.GetFiles(folder.FullPath).Length);
    }

    [Fact]
    public void Keeps_only_the_newest_file_when_told_to_keep_one()
    {
        var file = Open(folder["run.log"], maxBytes: 6, keepFiles: 1);

        file.WriteLine("line1");
        file.WriteLine("line2");

        Assert.Equal("line2\n", File.ReadAllText(folder["run.log"]));
        Assert.Single(Directory.GetFiles(folder.FullPath));
    }

    [Fact]
    public void Writes_a_line_that_is_longer_than_a_file_may_be()
    {
        var file = Open(folder["run.log"], maxBytes: 4);

        file.WriteLine("a long line");

        Assert.Equal("a long line\n", File.ReadAllText(folder["run.log"]));
    }

    [Fact]
    public void Begins_a_new_file_when_somebody_deletes_the_folder()
    {
        var file = Open(folder["logs", "run.log"]);
        file.WriteLine("before");

        Directory.Delete(folder["logs"], recursive: true);
        file.WriteLine("after");

        Assert.Equal("after\n", File.ReadAllText(folder["logs", "run.log"]));
    }

    [Fact]
    public void Announces_a_fault_once_and_writes_what_waited_when_the_folder_works_again()
    {
        var file = Open(folder["logs", "run.log"]);
        File.WriteAllText(folder["logs"], "a file where the folder should be");

        file.WriteLine("first");
        clock.Advance(RollingTextFile.RetryAfter);
        file.WriteLine("second");
        Assert.IsAssignableFrom<IOException>(Assert.Single(announced));

        File.Delete(folder["logs"]);
        clock.Advance(RollingTextFile.RetryAfter);
        file.WriteLine("third");

        Assert.Equal("first\nsecond\nthird\n", File.ReadAllText(folder["logs", "run.log"]));
        Assert.Equal(2, announced.Count);
        Assert.Null(announced[1]);
    }

    [LinuxTheory]
    [InlineData("mkfifo")]
    [InlineData("mkdir")]
    public void Announces_what_is_no_file_under_its_name_and_writes_when_that_is_gone(string command)
    {
        var file = Open(folder["run.log"]);
        Assert.True(MountedFolder.Run(command, folder["run.log"]));

        file.WriteLine("first");
        Assert.True(announced is [IOException or UnauthorizedAccessException]);

        Assert.True(MountedFolder.Run("mv", folder["run.log"], folder["aside"]));
        clock.Advance(RollingTextFile.RetryAfter);
        file.WriteLine("second");
        Assert.Equal("first\nsecond\n", File.ReadAllText(folder["run.log"]));
    }

    [Fact]
    public void Does_not_try_again_before_its_time()
    {
        var file = Open(folder["logs", "run.log"]);
        File.WriteAllText(folder["logs"], "");
        file.WriteLine("first");
        File.Delete(folder["logs"]);

        clock.Advance(RollingTextFile.RetryAfter - TimeSpan.FromMilliseconds(1));
        file.WriteLine("second");

        Assert.False(Directory.Exists(folder["logs"]));
    }

    [Fact]
    public void Holds_a_bounded_number_of_lines_while_it_cannot_write_and_loses_the_oldest()
    {
        var file = Open(folder["logs", "run.log"], maxBytes: 1_000_000);
        File.WriteAllText(folder["logs"], "");
        for (var line = 0; line < RollingTextFile.MaxPendingLines + 5; line++)
        {
            file.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        }

        File.Delete(folder["logs"]);
        clock.Advance(RollingTextFile.RetryAfter);
        file.WriteLine("last");

        var lines = File.ReadAllLines(folder["logs", "run.log"]);
        Assert.Equal(RollingTextFile.MaxPendingLines, lines.Length);
        Assert.Equal("6", lines[0]);
        Assert.Equal("last", lines[^1]);
    }

    [MountFact]
    public void Leaves_no_half_line_when_the_disk_fills_up()
    {
        using var disk = MountedFolder.Mount(folder["logs"], "size=16k");
        var file = Open(folder["logs", "run.log"], maxBytes: 1_000_000);
        var filler = new string('x', 3000);
        for (var line = 0; line < 10; line++)
        {
            file.WriteLine(filler);
        }

        Assert.IsAssignableFrom<IOException>(Assert.Single(announced));
        Assert.All(File.ReadAllLines(file.FullPath), line => Assert.Equal(filler, line));
        Assert.EndsWith("\n", File.ReadAllText(file.FullPath), StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_whole_lines_from_many_threads()
    {
        var file = Open(folder["run.log"], maxBytes: 1_000_000);

        Parallel.For(0, 500, number => file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<{number}>")));

        Assert.Equal(
            Enumerable.Range(0, 500).Select(number => string.Create(CultureInfo.InvariantCulture, $"<{number}>"))
                .Order(StringComparer.Ordinal),
            File.ReadAllLines(folder["run.log"]).Order(StringComparer.Ordinal));
    }

    private RollingTextFile Open(string path, long maxBytes = 10_000, int keepFiles = 7) =>
        new(path, maxBytes, keepFiles, clock, announced.Add);
}
