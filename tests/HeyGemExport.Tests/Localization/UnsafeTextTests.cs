using System.Text.Json;
using HeyGemExport.Localization;

namespace HeyGemExport.Tests.Localization;

public sealed class UnsafeTextTests
{
    [Theory]
    [InlineData("a;=x", "a;'=x")]
    [InlineData("a;-1;@b", "a;'-1;'@b")]
    [InlineData("a\t=x", "a\t'=x")]
    [InlineData("a|+x", "a|'+x")]
    [InlineData("a\n=x", "a\n'=x")]
    [InlineData("a\r\n＝x", "a\r\n'＝x")]
    [InlineData("＝x;＝y", "'＝x;'＝y")]
    [InlineData("a; b;c=d", "a; b;c=d")]
    [InlineData("", "")]
    public void No_cell_is_a_formula_whatever_a_spreadsheet_splits_at(string text, string expected) =>
        Assert.Equal(expected, UnsafeText.ForSpreadsheet(text));

    [Theory]
    [InlineData("a\u202egpj.exe")]
    [InlineData("a\u2066b\u2069\u200f\u061c")]
    [InlineData("a\u2028b\u0085\u007f")]
    [InlineData("课程一.mp4 ①")]
    public void Json_without_what_hides_or_reorders_reads_the_same(string text)
    {
        var json = UnsafeText.EscapeInJson(JsonSerializer.Serialize(new[] { text }, HeyGemExport.Api.ApiJson.Options));

        Assert.DoesNotContain(json, UnsafeText.Hides);
        Assert.DoesNotContain('\u2028', json);
        Assert.Equal(text, JsonSerializer.Deserialize<string[]>(json)![0]);
        Assert.Equal(text.Contains('课'), json.Contains('课'));
    }
}
