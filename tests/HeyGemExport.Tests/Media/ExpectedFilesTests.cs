using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.Media;

/// <summary>A folder of files with a table <c>expected.tsv</c> of what each is to be (<c>path</c>, <c>ready</c>, <c>broken</c> or
/// <c>unlisted</c>), named in <c>HEYGEM_EXPECTED_FILES</c>.</summary>
public class ExpectedFilesTests
{
    private const string Variable = "HEYGEM_EXPECTED_FILES";

    [OnDemandFact(Variable)]
    public async Task Files_are_as_a_table_expects_them()
    {
        var folder = Environment.GetEnvironmentVariable(Variable)!;
        using var bed = new LibraryBed(("Library:OutputsPath", folder), ("Library:SettleSeconds", "0"));
        var found = await bed.ScanAsync();
        var expected = (await File.ReadAllLinesAsync(Path.Combine(folder, "expected.tsv"))).Skip(1)
            .Select(line => line.Split('\t')).ToList();

        Assert.NotEmpty(expected);
        Assert.Empty(expected
            .Select(line => (Path: line[0], Expected: line[1], Video: found.Find(line[0])))
            .Where(file => file.Expected != (file.Video?.State.ToString().ToLowerInvariant() ?? "unlisted"))
            .Select(file => $"{file.Path}: {file.Expected}, {file.Video?.State} {file.Video?.Fault}"));
    }
}
