using HeyGemExport.Library.Tags;

namespace HeyGemExport.Tests.Library.Tags;

public sealed class TagNameTests
{
    [Theory]
    [InlineData("  客户A ", "客户A")]
    [InlineData("cafe\u0301", "caf\u00E9")]
    [InlineData("=SUM(A1)", "=SUM(A1)")]
    [InlineData("<b>x</b>", "<b>x</b>")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("👩\u200D🚀", "👩\u200D🚀")]
    public void Takes_any_language_trimmed_and_composed(string text, string tag) => Assert.Equal(tag, TagName.Read(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("a\nb")]
    [InlineData("a\u0000b")]
    [InlineData("a;b")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u2028b")]
    [InlineData("a\uD800b")]
    [InlineData("\u200B")]
    public void Refuses_what_cannot_be_seen_or_would_break_a_list(string? text) => Assert.Null(TagName.Read(text));

    [Fact]
    public void Is_at_most_64_characters()
    {
        Assert.NotNull(TagName.Read(new string('标', 64)));
        Assert.Null(TagName.Read(new string('标', 65)));
        Assert.Null(TagName.Read(new string('a', 10_000_000)));
    }

    [Theory]
    [InlineData("Draft", "dRAFT")]
    [InlineData("É", "e\u0301")]
    [InlineData("客户", " 客户 ")]
    public void Is_compared_without_case_and_after_normalisation(string one, string other) =>
        Assert.Equal(TagName.Key(one), TagName.Key(other));
}
