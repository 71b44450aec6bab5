using System.Text;
using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

public sealed class ArchiveNamesLengthTests
{
    [Fact]
    public void Keeps_a_path_of_160_units_exactly()
    {
        var path = new string('f', 60) + "/" + new string('v', 95) + ".mp4";

        Assert.Equal([path], ArchiveNames.For([path]));
    }

    [Fact]
    public void Cuts_the_file_before_its_folder_and_keeps_the_extension()
    {
        var folder = new string('f', 60);

        var name = Assert.Single(ArchiveNames.For([$"{folder}/{new string('v', 96)}.mp4"]));

        Assert.Equal($"{folder}/{new string('v', 95)}.mp4", name);
    }

    [Fact]
    public void Cuts_a_folder_alike_for_all_that_is_in_it()
    {
        var folder = new string('f', 200);

        var names = ArchiveNames.For([$"{folder}/a.mp4", $"{folder}/{new string('v', 100)}.mp4"]);

        Assert.Equal(names[0].Split('/')[0], names[1].Split('/')[0]);
        Assert.EndsWith("/a.mp4", names[0], StringComparison.Ordinal);
        Assert.Equal(160, names[1].Length);
    }

    [Fact]
    public void Cuts_no_name_below_40_units_for_its_path()
    {
        var path = string.Join('/', Enumerable.Range(0, 20).Select(level => new string((char)('a' + level), 40)));

        Assert.Equal([path], ArchiveNames.For([path]));
        Assert.All(Assert.Single(ArchiveNames.For([path.Replace("/", "XY/", StringComparison.Ordinal)])).Split('/'), name =>
            Assert.Equal(40, name.Length));
    }

    [Fact]
    public void Numbers_what_a_cut_made_alike_within_the_limit()
    {
        var names = ArchiveNames.For([new string('v', 200) + "1.mp4", new string('v', 200) + "2.mp4"]);

        Assert.Equal([new string('v', 156) + ".mp4", new string('v', 152) + " (2).mp4"], names);
    }

    [Fact]
    public void Leaves_no_dot_or_space_where_it_cut()
    {
        Assert.Equal([new string('v', 150)], ArchiveNames.For([new string('v', 150) + new string('.', 20) + new string('v', 30)]));
        Assert.Equal([new string('v', 150) + ".mp4"], ArchiveNames.For([new string('v', 150) + new string(' ', 20) + "v.mp4"]));
    }

    [Fact]
    public void Cuts_an_extension_that_is_longer_than_the_name_may_be() =>
        Assert.Equal(["a." + new string('x', 158)], ArchiveNames.For(["a." + new string('x', 300)]));

    /// <summary>A name of 255 bytes on Linux has no room for a number.</summary>
    [Fact]
    public void Holds_255_bytes_of_UTF8_also_with_a_number()
    {
        var name = new string('王', 84) + "aa";

        var names = ArchiveNames.For([name, name.ToUpperInvariant()]);

        Assert.Equal([new string('王', 83) + " (2)", name.ToUpperInvariant()], names);
        Assert.All(names, entry => Assert.InRange(Encoding.UTF8.GetByteCount(entry), 253, 255));
    }

    [Theory]
    [InlineData("😀")]
    [InlineData("👨\u200D👩\u200D👧\u200D👦")]
    [InlineData("x\u0301\u0302\u0303")]
    [InlineData("\u0937\u093F")]
    public void Cuts_no_text_element_in_two(string element)
    {
        for (var lead = 0; lead < element.Length; lead++)
        {
            var name = Assert.Single(ArchiveNames.For([new string('a', lead) + string.Concat(Enumerable.Repeat(element, 100)) + ".mp4"]));

            var elements = name[lead..^".mp4".Length];
            Assert.Equal(string.Concat(Enumerable.Repeat(element, elements.Length / element.Length)), elements);
            Assert.True(elements.Length > 0);
        }
    }

    [Fact]
    public void Gives_up_a_single_character_that_is_too_long() =>
        Assert.Equal(["_.mp4"], ArchiveNames.For(["x" + new string('\u0301', 300) + ".mp4"]));
}
