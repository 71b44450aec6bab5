using System.Collections;
using System.Globalization;
using System.Resources;
using HeyGemExport.Health;

namespace HeyGemExport.Tests.Health;

public sealed class HealthTextsTests
{
    [Fact]
    public void Both_languages_have_the_same_texts_with_the_same_places()
    {
        var english = Texts(CultureInfo.InvariantCulture);
        var chinese = Texts(CultureInfo.GetCultureInfo("zh-CN"));

        Assert.NotEmpty(english);
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), chinese.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.Equal(Places(text.Value), Places(chinese[text.Key])));
    }

    [Fact]
    public void Every_finding_that_is_not_well_has_a_remedy()
    {
        var texts = Texts(CultureInfo.InvariantCulture);
        string[] well =
        [
            "folder-readable", "folder-writable", "space-enough", "database-ready", "archives-known", "engine-running",
            "nodes-alone", "nodes-agree",
        ];

        var codes = texts.Keys.Where(
            key => key.StartsWith("Check.", StringComparison.Ordinal)).Select(key => key["Check.".Length..]).ToList();

        Assert.All(codes, code => Assert.Equal(!well.Contains(code, StringComparer.Ordinal), texts.ContainsKey("Remedy." + code)));
    }

    // A remedy may name a place more often in one language than in the other, but no place may be lost.
    private static List<int> Places(string text) =>
        [.. Enumerable.Range(0, 6)
            .Where(place => text.Contains(string.Create(CultureInfo.InvariantCulture, $"{{{place}}}"), StringComparison.Ordinal))];

    private static Dictionary<string, string> Texts(CultureInfo culture) =>
        new ResourceManager(typeof(HealthTexts)).GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);
}
