using HeyGemExport.Archives;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HeyGemExport.Audit;
using HeyGemExport.Exports;
using HeyGemExport.Library;

namespace HeyGemExport.Tests.Pages;

/// <summary>Every text exists in every language, and every page finds its texts.</summary>
public sealed partial class TextsTests
{
    public static TheoryData<string> Resources => [.. SourceTree.Files("*.resx")
        .Where(path => !path.EndsWith(".zh-CN.resx", StringComparison.Ordinal))
        .Select(path => Path.GetRelativePath(SourceTree.App, path))];

    [Theory]
    [MemberData(nameof(Resources))]
    public void Both_languages_have_the_same_keys(string resource)
    {
        var (english, chinese) = Read(resource);
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), chinese.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public void Both_languages_take_the_same_figures(string resource)
    {
        var (english, chinese) = Read(resource);
        Assert.All(english, text => Assert.Equal(Figures(text.Value), Figures(chinese[text.Key])));
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public void No_text_is_empty(string resource)
    {
        var (english, chinese) = Read(resource);
        Assert.DoesNotContain(english.Values.Concat(chinese.Values), string.IsNullOrWhiteSpace);
    }

    [Fact]
    public void Every_text_that_a_page_names_exists()
    {
        var (texts, _) = Read(Path.Combine("Pages", "PageTexts.resx"));
        var named = SourceTree.Files("*.cshtml")
            .SelectMany(path => NamedText().Matches(File.ReadAllText(path)))
            .SelectMany(match => match.Groups["counted"].Success
                ? [match.Groups["key"].Value, match.Groups["key"].Value + ".One"]
                : new[] { match.Groups["key"].Value })
            .Distinct(StringComparer.Ordinal);
        Assert.Empty(named.Except(texts.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_state_choice_and_action_has_its_texts()
    {
        var (texts, _) = Read(Path.Combine("Pages", "PageTexts.resx"));
        string[] keys =
        [
            "Detail.time-to-live", "Detail.size-cap", "Detail.archive-lost",
            .. Enum.GetNames<VideoState>().Select(name => $"VideoState.{name}"),
            .. Enum.GetNames<VideoSort>().Select(name => $"Sort.{name}"),
            .. Enum.GetNames<CompressionChoice>().SelectMany(name => new[] { $"Compression.{name}", $"Compression.{name}.Hint" }),
            .. Enum.GetNames<ExportState>().Select(name => $"Export.Heading.{name}"),
            .. AuditActions.All.Select(action => $"Action.{action}"),
        ];
        Assert.Empty(keys.Except(texts.Keys, StringComparer.Ordinal));

        var (exports, _) = Read(Path.Combine("Exports", "ExportTexts.resx"));
        Assert.Empty(Enum.GetNames<ExportState>().Select(name => $"State.{name}").Except(exports.Keys, StringComparer.Ordinal));
    }

    /// <summary>What these texts name is never a folder of the server: sizes, ids, and names that people gave or read elsewhere; the last
    /// is for the shell.</summary>
    private static readonly string[] NamesNoFolder =
    [
        "file-too-large", "already-packed", "unknown-destination", "destination-gone", "store-credentials", "store-clock", "store-denied",
        "store-no-bucket", "store-full", "store-refused",
        "arrival-mismatch", "target-exists",
    ];

    [Theory]
    [InlineData("Exports", "ExportTexts.resx")]
    [InlineData("Uploads", "UploadTexts.resx")]
    public void Every_error_that_may_name_a_folder_has_words_for_those_who_may_not_know_it(params string[] resource)
    {
        var (texts, _) = Read(Path.Combine(resource));
        var naming = texts.Where(
            text => text.Key.StartsWith("Error.", StringComparison.Ordinal) && text.Value.Contains('{', StringComparison.Ordinal))
            .Select(text => text.Key["Error.".Length..])
            .Except(NamesNoFolder, StringComparer.Ordinal);

        Assert.All(naming, code => Assert.Contains("ErrorForAnyone." + code, texts.Keys));
        Assert.All(
            texts.Where(text => text.Key.StartsWith("Remedy.", StringComparison.Ordinal)), text => Assert.DoesNotContain('{', text.Value));
    }

    [Fact]
    public void Every_error_says_what_to_do()
    {
        var (exports, _) = Read(Path.Combine("Exports", "ExportTexts.resx"));
        string[] Codes(string kind) =>
        [
            .. exports.Keys.Where(key => key.StartsWith(kind, StringComparison.Ordinal)).Select(key => key[kind.Length..]),
        ];
        Assert.NotEmpty(Codes("Error."));
        Assert.Equal(Codes("Error."), Codes("Remedy."));
    }

    private static (Dictionary<string, string> English, Dictionary<string, string> Chinese) Read(string resource)
    {
        var path = Path.Combine(SourceTree.App, resource);
        return (Texts(path), Texts(Path.ChangeExtension(path, ".zh-CN.resx")));
    }

    private static Dictionary<string, string> Texts(string path) => XDocument.Load(path).Root!.Elements("data")
        .ToDictionary(data => (string)data.Attribute("name")!, data => (string)data.Element("value")!, StringComparer.Ordinal);

    private static string[] Figures(string text) =>
        [.. Figure().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\d[^}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Figure();

    [GeneratedRegex("""\bT((?<counted>\.Counted\()|\[)"(?<key>[A-Za-z0-9.-]+)"[\],]""", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamedText();
}
