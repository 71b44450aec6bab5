using System.Text;
using HeyGemExport.Library;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Tests.Library.Tags;

/// <summary><c>tags.json</c> beside the videos.</summary>
public sealed class TagFileTests
{
    private readonly static DateTime LongAgo = new(2025, 1, 2, 3, 4, 6, DateTimeKind.Utc);

    [Fact]
    public async Task Gives_tags_to_the_batch_and_to_single_videos()
    {
        using var bed = new LibraryBed();
        bed.Write("b1/a.mp4");
        bed.Write("b1/sub/b.mp4");
        bed.Write("other/c.mp4");
        Put(bed, "b1/tags.json", """{ "tags": ["客户A", "客户a"], "videos": { "sub\\b.mp4": ["样片"], "gone.mp4": ["x"] }, "note": 1 }""");

        var snapshot = await bed.ScanAsync();

        Assert.Equal(["客户A"], snapshot.Find("b1/a.mp4")!.Tags);
        Assert.Equal(["样片", "客户A"], snapshot.Find("b1/sub/b.mp4")!.Tags);
        Assert.Empty(snapshot.Find("other/c.mp4")!.Tags);
        Assert.All(snapshot.Find("b1/a.mp4")!.AppliedTags, tag => Assert.Equal(TagOrigins.File, tag.Origins));
        Assert.Equal(["客户A"], snapshot.Batches.Single(batch => batch.Name == "b1").Tags.Select(tag => tag.Name));
    }

    [Fact]
    public async Task Is_a_plain_list_too_and_stands_in_the_outputs_folder_for_the_ungrouped_batch()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4");
        bed.Write("b1/c.mp4");
        Put(bed, "tags.json", "\uFEFF[\"loose\"]");

        var snapshot = await bed.ScanAsync();

        Assert.Equal(["loose"], snapshot.Find("a.mp4")!.Tags);
        Assert.Empty(snapshot.Find("b1/c.mp4")!.Tags);
    }

    [Fact]
    public async Task Is_read_again_when_it_changes_and_goes_with_its_file()
    {
        using var bed = new LibraryBed();
        bed.Write("b1/a.mp4");
        Put(bed, "b1/tags.json", """["one"]""");
        var first = await bed.ScanAsync();
        Put(bed, "b1/tags.json", """["second"]""");
        var second = await bed.ScanAsync();
        File.Delete(bed.Folder["outputs", "b1", "tags.json"]);
        var third = await bed.ScanAsync();

        Assert.Equal(["one"], first.Find("b1/a.mp4")!.Tags);
        Assert.Equal(["second"], second.Find("b1/a.mp4")!.Tags);
        Assert.Empty(third.Find("b1/a.mp4")!.Tags);
        Assert.True(first.Version < second.Version && second.Version < third.Version);
        Assert.Equal(third.Version, (await bed.ScanAsync()).Version);
    }

    [Theory]
    [InlineData("", "json-invalid")]
    [InlineData("""{ "tags": ["a" """, "json-invalid")]
    [InlineData("\"a\"", "not-tags")]
    [InlineData("""{ "tags": "a" }""", "not-tags")]
    [InlineData("""{ "videos": ["a"] }""", "not-tags")]
    [InlineData("""[1]""", "tag-invalid")]
    [InlineData("""["a;b"]""", "tag-invalid")]
    [InlineData("""["\ud800"]""", "tag-invalid")]
    [InlineData("""{ "videos": { "\ud800": ["a"] } }""", "tag-invalid")]
    public void Says_what_is_wrong_with_it(string content, string code)
    {
        var file = TagFileParser.Parse(Encoding.UTF8.GetBytes(content), "b1");

        Assert.Equal(code, file.Issue?.Code);
        Assert.Empty(file.Tags);
    }

    [Fact]
    public void Is_bounded_in_depth_tags_and_encoding()
    {
        Assert.Equal("json-invalid", TagFileParser.Parse(Encoding.UTF8.GetBytes(new string('[', 100_000)), "b").Issue?.Code);
        Assert.Equal(
            "too-many-tags", TagFileParser.Parse(
            Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 51).Select(number => $"\"t{number}\""))}]"), "b").Issue?.Code);
        Assert.Equal("not-utf8", TagFileParser.Parse([(byte)'[', (byte)'"', 0xFF, (byte)'"', (byte)']'], "b").Issue?.Code);
    }

    [Fact]
    public async Task A_large_one_is_not_read_and_its_batch_says_so()
    {
        using var bed = new LibraryBed();
        bed.Write("b1/a.mp4");
        Put(bed, "b1/tags.json", "[\"" + new string('a', TagFile.MaxBytes) + "\"]");

        var snapshot = await bed.ScanAsync();

        Assert.Empty(snapshot.Find("b1/a.mp4")!.Tags);
        Assert.Equal(new SidecarIssue("too-large", 1), snapshot.Batches.Single().TagFileIssue);
    }

    private static void Put(LibraryBed bed, string path, string content) =>
        bed.Folder.Write(Path.Combine("outputs", path), Encoding.UTF8.GetBytes(content), LongAgo.AddSeconds(content.Length));
}
