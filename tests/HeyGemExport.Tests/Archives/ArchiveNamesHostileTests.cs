using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

/// <summary>What holds for every name, over thousands of hostile ones; each rule written down anew, apart from the product's.</summary>
public sealed partial class ArchiveNamesHostileTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Are_taken_by_every_system(int seed) => Assert.All(ArchiveNames.For(HostileNames.Paths(seed, 300)), name =>
    {
        Assert.All(name.Split('/'), AssertTaken);
        Assert.True(name.IsNormalized(NormalizationForm.FormC));
        Assert.True(name.Split('/').Length > 3 || name.Length <= 160, $"{name.Length} units");
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Keep_folders_and_extensions(int seed)
    {
        var paths = HostileNames.Paths(seed, 300);
        var names = ArchiveNames.For(paths);

        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, name) in paths.Zip(names))
        {
            Assert.Equal(path[^4..], name[^4..]);
            var (source, entry) = (path.Split('/')[..^1], name.Split('/')[..^1]);
            Assert.Equal(source.Length, entry.Length);
            for (var level = 1; level <= source.Length; level++)
            {
                var folder = string.Join('/', entry[..level]);
                Assert.Equal(folder, folders.GetValueOrDefault(string.Join('/', source[..level]), folder));
                folders[string.Join('/', source[..level])] = folder;
            }
        }

        Assert.Equal(folders.Count + paths.Length, names.Concat(folders.Values).Select(AsOneSystemSees).Distinct(StringComparer.Ordinal)
            .Count());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Stay_as_they_are_when_named_again(int seed)
    {
        var names = ArchiveNames.For(HostileNames.Paths(seed, 300));

        Assert.Equal(names, ArchiveNames.For(names));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Do_not_depend_on_the_order(int seed)
    {
        var paths = HostileNames.Paths(seed, 300);
        var sorted = paths.Order(StringComparer.Ordinal).ToArray();

        var bySource = sorted.Zip(ArchiveNames.For(sorted)).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

        Assert.Equal(paths.Select(path => bySource[path]), ArchiveNames.For(paths));
    }

    private static void AssertTaken(string name)
    {
        var shown =
            string.Concat(
            name.Select(unit => char.IsAsciiLetterOrDigit(unit)
            ? unit.ToString() : string.Create(CultureInfo.InvariantCulture, $"<{(int)unit:X4}>")));
        Assert.False(Refused().IsMatch(name), shown);
        Assert.False(Device().IsMatch(name), shown);
        Assert.InRange(name.Length, 1, 255);
        Assert.InRange(new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(name), 1, 255);
    }

    private static string AsOneSystemSees(string name) => name.Normalize(NormalizationForm.FormD).ToUpperInvariant();

    [GeneratedRegex(@"[<>:""/\\|?*\p{Cc}\p{Zl}\p{Zp}\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFFE\uFFFF]|\uDB40[\uDC00-\uDCFF]|^\ |[ .]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Refused();

    [GeneratedRegex(@"^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00B9\u00B2\u00B3])\ *(\.|$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Device();
}
