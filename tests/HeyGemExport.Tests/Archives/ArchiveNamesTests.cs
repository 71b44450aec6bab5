using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

public sealed class ArchiveNamesTests
{
    [Theory]
    [InlineData("speech_portrait_generated_20251219_143022.mp4")]
    [InlineData("批次一/数字人视频_王小明_a1b2c3d4.mp4")]
    [InlineData("emoji 😀/片 段 (1).MOV")]
    [InlineData(".hidden/no-extension")]
    [InlineData("quotes ' & (1) [2] {3} %41 ~ # $ @ ! ; = , + ^ `.mp4")]
    [InlineData("课程：第一讲？“开始”【上】.mp4")]
    [InlineData("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645 \u0915\u094D\u200D.mp4")]
    [InlineData("❤\uFE0F 1\uFE0F\u20E3 👨\u200D👩\u200D👧 🏳\uFE0F\u200D🌈 葛\U000E0100.mp4")]
    [InlineData("console/COM10/LPT/auxiliary.mp4")]
    [InlineData("SHA256SUMS/manifest.json/a.mp4")]
    public void Keeps_a_safe_name_exactly(string path) => Assert.Equal([path], ArchiveNames.For([path]));

    [Fact]
    public void Puts_names_into_NFC() => Assert.Equal(["caf\u00e9/\u00fcber.mp4"], ArchiveNames.For(["cafe\u0301/u\u0308ber.mp4"]));

    [Theory]
    [InlineData("a\nb.mp4", "a_b.mp4")]
    [InlineData("a\u0007\u007f\u0085b.mp4", "a___b.mp4")]
    [InlineData("..\\evil.mp4", ".._evil.mp4")]
    [InlineData("<img src=x>: \"?|*\".mp4", "_img src=x__ _____.mp4")]
    [InlineData("two\u2028lines\u2029.mp4", "two_lines_.mp4")]
    [InlineData("\uFFFDCA\uFFFDD3\uFFFD.mp4", "_CA_D3\uFFFD.mp4")]
    [InlineData("non\uFFFE\uFDD0\U0001FFFFcharacters.mp4", "non___characters.mp4")]
    public void Replaces_what_no_file_name_can_hold_everywhere(string path, string expected) =>
        Assert.Equal([expected], ArchiveNames.For([path]));

    // Not as InlineData: half a surrogate pair does not survive being stored as UTF-8.
    [Fact]
    public void Replaces_half_a_surrogate_pair() => Assert.Equal(
        ["a_b.mp4", "c\ufffdd.mp4"], ArchiveNames.For(["a\ud83db.mp4", "c\ufffdd.mp4"]));

    [Theory]
    [InlineData("invoice_\u202Egpj.exe.mp4", "invoice__gpj.exe.mp4")]
    [InlineData("\u2066a\u2069\u200E\u200F\u061C.mp4", "_a____.mp4")]
    [InlineData("zero\u200Bwidth\uFEFF\u2060\u00AD\u3164.mp4", "zero_width____.mp4")]
    [InlineData("a\u200Db\u200C\uFE0F.mp4", "a_b__.mp4")]
    [InlineData("王\u200D.mp4", "王_.mp4")]
    public void Replaces_what_is_not_seen(string path, string expected) => Assert.Equal([expected], ArchiveNames.For([path]));

    [Theory]
    [InlineData("CON", "CON_")]
    [InlineData("con/nul.mp4", "con_/nul_.mp4")]
    [InlineData("Aux .tar.mp4", "Aux_ .tar.mp4")]
    [InlineData("COM1.mp4", "COM1_.mp4")]
    [InlineData("lpt\u00B3.mp4", "lpt\u00B3_.mp4")]
    [InlineData("CONIN$/conout$.mp4", "CONIN$_/conout$_.mp4")]
    [InlineData("PRN. . /a.mp4", "PRN_/a.mp4")]
    public void Changes_names_of_devices(string path, string expected) => Assert.Equal([expected], ArchiveNames.For([path]));

    [Theory]
    [InlineData("batch. ./ clip.mp4 ", "batch/clip.mp4")]
    [InlineData(".../ /a.mp4", "_/_/a.mp4")]
    [InlineData("  .mp4", "_.mp4")]
    [InlineData("clip .mp4", "clip .mp4")]
    public void Drops_spaces_and_dots_at_the_ends(string path, string expected) =>
        Assert.Equal([expected], ArchiveNames.For([path]));

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
        Assert.Equal(["x (3).mp4", "X.mp4", "x (2).mp4"], ArchiveNames.For(["x.mp4", "X.mp4", "x (2).mp4"]));

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

    [Theory]
    [InlineData("straße.mp4", "STRASSE.mp4")]
    [InlineData("\uFB01lm.mp4", "film.mp4")]
    [InlineData("\u017Fo.mp4", "So.mp4")]
    [InlineData("\u03C3\u03C2.mp4", "\u03A3\u03A3.mp4")]
    [InlineData("❤\uFE0F.mp4", "❤.mp4")]
    public void Numbers_names_that_only_some_file_systems_take_for_one(string path, string other)
    {
        var names = ArchiveNames.For([path, other]);

        Assert.Single(names, name => name.EndsWith(" (2).mp4", StringComparison.Ordinal));
        Assert.Single(names, name => name == path || name == other);
    }

    [Fact]
    public void Numbers_a_hidden_name_at_its_end() => Assert.Equal([".MP4", ".mp4 (2)"], ArchiveNames.For([".MP4", ".mp4"]));

    [Fact]
    public void Numbers_many_alike_in_the_order_of_their_names()
    {
        var paths = Enumerable.Range(1, 31).Select(control => $"{(char)control}.mp4").ToList();

        var names = ArchiveNames.For(paths);

        Assert.Equal(["_.mp4", .. Enumerable.Range(2, 30).Select(number => $"_ ({number}).mp4")], names);
    }

    [Fact]
    public void Gives_the_same_names_whatever_the_order()
    {
        string[] paths = ["b/x.mp4", "a?.mp4", "B/x.mp4", "a*.mp4", "A_.mp4"];

        Assert.Equal(ArchiveNames.For(paths), ArchiveNames.For([.. paths.Reverse()]).Reverse());
    }
}
