using System.Text;
using HeyGemExport.FileSystem;
using HeyGemExport.Library;

namespace HeyGemExport.Tests.Library;

/// <summary>Real files whose names are not UTF-8.</summary>
public class ByteNamedVideoTests
{
    private const string Bytes = "\u00CA\u00D3\u00C6\u00B5.mp4";
    private const string Text = "\uFFFDCA\uFFFDD3Ƶ.mp4";

    [Fact]
    public async Task Is_listed_ready_and_opens_by_its_text()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4", [.. ClipBytes.Mp4]);
        bed.Write("plain.mp4");
        ByteNamedFiles.Rename(bed.Outputs, "a.mp4", Bytes);

        var videos = (await bed.ScanAsync()).Videos.ToDictionary(video => video.Path, StringComparer.Ordinal);

        Assert.Equal([Text, "plain.mp4"], videos.Keys.Order(StringComparer.Ordinal).Reverse());
        Assert.All(videos.Values, video => Assert.Equal(VideoState.Ready, video.State));
        Assert.Equal(videos["plain.mp4"] with { Path = Text, Identity = videos[Text].Identity }, videos[Text]);
        await using var stream = bed.Root.OpenRead(Text);
        Assert.Equal(ClipBytes.Mp4.Length, stream.Length);
        Assert.Equal(bed.Root.Identify(Text), OutputsRoot.Identify(stream.SafeFileHandle));
        Assert.NotNull(bed.Root.Identify(Text));
    }

    [Fact]
    public async Task Names_that_dotnet_reads_alike_are_told_apart()
    {
        using var bed = new LibraryBed();
        bed.Write("\uFFFDFF.mp4", Encoding.ASCII.GetBytes("U+FFFD, F, F"));
        bed.Write("\uFFFD.mp4", Encoding.ASCII.GetBytes("U+FFFD"));
        foreach (var name in new[] { "\u00FF.mp4", "\u00FE.mp4" })
        {
            bed.Write("a.mp4", Encoding.UTF8.GetBytes(name));
            ByteNamedFiles.Rename(bed.Outputs, "a.mp4", name);
        }

        Dictionary<string, string> expected = new(StringComparer.Ordinal)
        {
            ["\uFFFDEF\uFFFDBF\uFFFDBDFF.mp4"] = "U+FFFD, F, F", ["\uFFFD.mp4"] = "U+FFFD", ["\uFFFDFF.mp4"] =
                "\u00FF.mp4", ["\uFFFDFE.mp4"] = "\u00FE.mp4",
        };

        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), (await bed.ScanAsync()).Videos.Select(video => video.Path)
            .Order(StringComparer.Ordinal));
        foreach (var (path, content) in expected)
        {
            Assert.Equal(content, Read(bed, path));
        }
    }

    [Fact]
    public async Task A_folder_of_such_a_name_is_a_batch_with_its_task_list_and_folders()
    {
        using var bed = new LibraryBed();
        bed.Write("b/c/a.mp4");
        bed.Write("b/.hidden.mp4");
        bed.Write("b/note.txt");
        bed.Write("b/tasks.csv", Encoding.UTF8.GetBytes("name,file,state\n1,c/a.mp4,done\n2,,rendering\n"));
        Directory.CreateSymbolicLink(Path.Combine(bed.Outputs, "b", "link"), Path.Combine(bed.Outputs, "b", "c"));
        ByteNamedFiles.Rename(bed.Outputs, "b", "\u00B5\u00DA");

        var batch = Assert.Single((await bed.ScanAsync()).Batches);

        Assert.Equal(("\uFFFDB5\uFFFDDA", 1, 1), (batch.Name, batch.Videos, batch.Ready));
        Assert.Equal((2, 1), (batch.Tasks!.Expected, batch.Tasks.Present));
        Assert.NotNull(bed.Index.Current.Find("\uFFFDB5\uFFFDDA/c/a.mp4"));
    }

    [Fact]
    public async Task An_empty_folder_of_such_a_name_is_no_fault()
    {
        using var bed = new LibraryBed();
        Directory.CreateDirectory(Path.Combine(bed.Outputs, "b"));
        ByteNamedFiles.Rename(bed.Outputs, "b", "\u00FF");

        Assert.Empty((await bed.ScanAsync()).Videos);
        Assert.Empty(bed.Logger.Lines);
    }

    [Fact]
    public async Task Links_of_such_names_are_never_followed()
    {
        using var bed = new LibraryBed();
        bed.Folder.Write("secret/x.mp4", ClipBytes.Mp4);
        File.CreateSymbolicLink(Path.Combine(bed.Outputs, "file"), bed.Folder["secret", "x.mp4"]);
        Directory.CreateSymbolicLink(Path.Combine(bed.Outputs, "folder"), bed.Folder["secret"]);
        ByteNamedFiles.Rename(bed.Outputs, "file", "\u00FF.mp4");
        ByteNamedFiles.Rename(bed.Outputs, "folder", "\u00FE");

        Assert.Empty((await bed.ScanAsync()).Videos);
        foreach (var path in new[] { "\uFFFDFF.mp4", "\uFFFDFE/x.mp4" })
        {
            Assert.Null(bed.Root.Resolve(path));
            Assert.Throws<FileNotFoundException>(() => bed.Root.OpenRead(path));
            Assert.True(bed.Root.LeadsThroughLink(path));
        }
    }

    [Theory]
    [InlineData("\uFFFDFF/../../secret.mp4")]
    [InlineData("\uFFFDFF/\uFFFD2E\uFFFD2E/\uFFFD2E\uFFFD2E/secret.mp4")]
    [InlineData("\uFFFDFF\uFFFD2F..\uFFFD2F..\uFFFD2Fsecret.mp4")]
    [InlineData("\uFFFDFF/%2e%2e/%2e%2e/secret.mp4")]
    [InlineData("\uFFFDFF/\uFFFDC0\uFFFDAE\uFFFDC0\uFFFDAE/secret.mp4")]
    [InlineData("\uFFFDFF/a.mp4\uFFFD00.txt")]
    [InlineData("\uFFFDFF/a.mp4\0.txt")]
    [InlineData("\uFFFDFF/\uFFFDC3\uFFFDA9.mp4")]
    [InlineData("\uFFFDFF//a.mp4")]
    [InlineData("/\uFFFDFF/a.mp4")]
    [InlineData("\uFFFDff/a.mp4")]
    [InlineData("\uFFFDFF")]
    [InlineData("\uFFFDFF/a.mp4/b.mp4")]
    public void No_text_leads_out_of_the_folder_or_to_a_file_of_another_name(string path)
    {
        using var bed = new LibraryBed();
        bed.Folder.Write("secret.mp4", ClipBytes.Mp4);
        bed.Write("b/a.mp4");
        bed.Write("b/é.mp4");
        ByteNamedFiles.Rename(bed.Outputs, "b", "\u00FF");
        Assert.NotNull(bed.Root.Resolve("\uFFFDFF/a.mp4"));

        Assert.Null(bed.Root.Resolve(path));
        Assert.Null(bed.Root.Identify(path));
        Assert.Throws<FileNotFoundException>(() => bed.Root.OpenRead(path));
    }

    [Fact]
    public async Task Is_found_below_an_outputs_folder_that_is_a_link()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4");
        ByteNamedFiles.Rename(bed.Outputs, "a.mp4", "\u00FF.mp4");
        Directory.Move(bed.Outputs, bed.Folder["real"]);
        Directory.CreateSymbolicLink(bed.Outputs, bed.Folder["real"]);

        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("\uFFFDFF.mp4")).State);
    }

    private static string Read(LibraryBed bed, string path)
    {
        using var reader = new StreamReader(bed.Root.OpenRead(path));
        return reader.ReadToEnd();
    }
}
