using System.Text.RegularExpressions;

namespace HeyGemExport.Tests.Pages;

/// <summary>The content security policy allows no script, style or handler in the markup; a page that had one would break
/// silently.</summary>
public sealed partial class MarkupTests
{
    public static TheoryData<string> Views => [.. SourceTree.Files("*.cshtml").Select(path => Path.GetRelativePath(SourceTree.App, path))];

    [Theory]
    [MemberData(nameof(Views))]
    public void A_view_has_no_inline_script_style_or_handler(string view)
    {
        var markup = File.ReadAllText(Path.Combine(SourceTree.App, view));
        Assert.DoesNotMatch(Inline(), markup);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<script type=\"module\">import './a.js'</script>")]
    [InlineData("<style>p { color: red }</style>")]
    [InlineData("<p style=\"color: red\">")]
    [InlineData("<button onclick='go()'>")]
    [InlineData("<a href=\"javascript:go()\">")]
    public void What_is_looked_for_is_found(string markup) => Assert.Matches(Inline(), markup);

    [GeneratedRegex(@"<script(?![^>]*\ssrc=)|<style|\sstyle\s*=|<[^>@]*\son[a-z]+\s*=|javascript:", RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Inline();
}
