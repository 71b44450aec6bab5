using HeyGemExport.Exports.Archives;

namespace HeyGemExport.Tests.Exports.Archives;

public sealed class ArchiveNamesTests
{
    [Theory]
    [InlineData("speech_portrait_generated_20251219_143022.mp4")]
    [InlineData("批次一/数字人视频_王小明_a1b2c3d4.mp4")]
    [InlineData("emoji 😀/片 段 (1).MOV")]
    [InlineData(".hidden/no-extension")]
    [InlineData("quotes \"' & <b>.mp4")]
    public void Keeps_a_safe_name_exactly(string path) => Assert.Equal([path], ArchiveNames.For([path]));

    [Fact]
    public void Puts_names_into_NFC() => Assert.Equal(["caf\u00e9/\u00fcber.mp4"], ArchiveNames.For(["cafe\u0301/u\u0308ber.mp4"]));

    [Theory]
    [InlineData("a\nb.mp4", "a_b.mp4")]
    [InlineData("a\u0007\u007f\u0085b.mp4", "a___b.mp4")]
    [InlineData("..\\evil.mp4", ".._evil.mp4")]
    public void Replaces_what_no_file_name_can_hold_everywhere(string path, string expected) =>
        Assert.Equal([expected], ArchiveNames.For([path]));

    // Not as InlineData: half a surrogate pair does not survive being stored as UTF-8.
    [Fact]
    public void Replaces_half_a_surrogate_pair() => Assert.Equal(["a\ufffdb.mp4"], ArchiveNames.For(["a\ud83db.mp4"]));

    [Fact]
    public void Numbers_names_that_differ_only_by_case() =>
        Assert.Equal(["A.png", "a (2).png", "b/Ä.mp4", "b/ä (2).mp4"], ArchiveNames.For(["A.png", "a.png", "b/Ä.mp4", "b/ä.mp4"]));

    [Fact]
    public void Numbers_names_that_differ_only_by_normalisation() =>
        Assert.Equal(["\u00e9 (2).mp4", "\u00e9.mp4"], ArchiveNames.For(["e\u0301.mp4", "\u00e9.mp4"]));

    [Fact]
    public void Numbers_folders_that_differ_only_by_case() =>
        Assert.Equal(["Batch/1.mp4", "batch (2)/1.mp4", "Batch/2.mp4"], ArchiveNames.For(["Batch/1.mp4", "batch/1.mp4", "Batch/2.mp4"]));

    [Fact]
    public void Numbers_a_folder_that_differs_from_a_file_only_by_case() =>
        Assert.Equal(["Clip.mp4", "clip.mp4 (2)/1.mp4"], ArchiveNames.For(["Clip.mp4", "clip.mp4/1.mp4"]));

    [Fact]
    public void Does_not_give_a_repaired_name_that_another_file_has() =>
        Assert.Equal(["a_ (2).mp4", "a_.mp4"], ArchiveNames.For(["a\n.mp4", "a_.mp4"]));

    [Fact]
    public void Does_not_give_a_number_that_another_file_has() =>
        Assert.Equal(["x.mp4", "X (3).mp4", "x (2).mp4"], ArchiveNames.For(["x.mp4", "X.mp4", "x (2).mp4"]));

    [Fact]
    public void Gives_as_many_different_names_as_there_are_paths()
    {
        string[] letters = ["a", "A", "e\u0301", "\u00e9", "É", "\u0001", "_", "a (2)"];
        var paths = letters.SelectMany(folder => letters.Select(file => $"{folder}/{file}.mp4")).ToList();

        var names = ArchiveNames.For(paths);

        Assert.Equal(paths.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(letters.Length, names.Select(name => name.Split('/')[0]).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(names, ArchiveNames.For(paths));
    }

    [Theory]
    [InlineData("/a.mp4")]
    [InlineData("a//b.mp4")]
    [InlineData("../a.mp4")]
    [InlineData("")]
    public void Refuses_what_is_not_a_relative_path(string path) => Assert.Throws<ArgumentException>(() => ArchiveNames.For([path]));

    [Fact]
    public void Refuses_a_path_that_is_given_twice() => Assert.Throws<ArgumentException>(() => ArchiveNames.For(["a.mp4", "a.mp4"]));
}
