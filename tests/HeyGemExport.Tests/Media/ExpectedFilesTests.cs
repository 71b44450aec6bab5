using HeyGemExport.Library;
using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.Media;

/// <summary>A folder of files with a table <c>expected.tsv</c> of what each is to be (<c>path</c>, <c>ready</c>, <c>broken</c> or
/// <c>unlisted</c>), named in <c>HEYGEM_EXPECTED_FILES</c>; without it there is nothing to do.</summary>
public class ExpectedFilesTests
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("HEYGEM_EXPECTED_FILES");

    [Fact]
    public async Task Files_are_as_a_table_expects_them()
    {
        if (string.IsNullOrEmpty(Folder))
        {
            return;
        }

        using var bed = new LibraryBed(("Library:OutputsPath", Folder), ("Library:SettleSeconds", "0"));
        var found = await bed.ScanAsync();
        var expected = (await File.ReadAllLinesAsync(Path.Combine(Folder, "expected.tsv"))).Skip(1)
            .Select(line => line.Split('\t')).ToList();

        Assert.NotEmpty(expected);
        Assert.Empty(expected
            .Select(line => (Path: line[0], Expected: line[1], Video: found.Find(line[0])))
            .Where(file => file.Expected != (file.Video?.State switch { null => "unlisted", VideoState.Ready => "ready",
                VideoState.Broken => "broken", _ => "writing" }))
            .Select(file => $"{file.Path}: {file.Expected}, {file.Video?.State} {file.Video?.Fault}"));
    }
}
