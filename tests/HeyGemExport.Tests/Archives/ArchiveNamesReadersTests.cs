using System.Security.Cryptography;
using System.Text;
using HeyGemExport.Archives;
using HeyGemExport.FileSystem;

namespace HeyGemExport.Tests.Archives;

/// <summary>What readers that are not ours unpack of an archive with the nastiest names that Linux holds.</summary>
public sealed class ArchiveNamesReadersTests : IDisposable
{
    private readonly ArchiveFixture fixture = new();

    [EachProgramTheory]
    [InlineData("unzip", "-q", "{0}")]
    [InlineData("7z", "x", "-y", "{0}")]
    [InlineData("bsdtar", "-xf", "{0}")]
    [InlineData("python3", "-c", "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall()", "{0}")]
    public async Task Unpack_every_file_under_its_name(string tool, params string[] arguments)
    {
        var contract = WriteHostileSources();
        var archive = await fixture.PackAsync(contract);
        var folder = Directory.CreateDirectory(fixture.Folder["unpacked"]).FullName;

        await ExternalTools.RunAsync(
            folder, tool, [.. arguments.Select(argument => argument.Replace("{0}", archive, StringComparison.Ordinal))]);

        var unpacked = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file));
        Assert.Equal(contract.Entries.Select(entry => entry.EntryName).Order(StringComparer.Ordinal),
            unpacked.Order(StringComparer.Ordinal));
        foreach (var entry in contract.Entries)
        {
            Assert.Equal(Content(entry.Path), await File.ReadAllBytesAsync(Path.Combine(folder, entry.EntryName)));
        }
    }

    public void Dispose() => fixture.Dispose();

    private static byte[] Content(string path) => SHA256.HashData(Encoding.UTF8.GetBytes(path));

    private ArchiveContract WriteHostileSources()
    {
        string[] paths =
        [
            .. HostileNames.Paths(
                seed: 99, count: 150, forLinux: true), "CON/NUL.mp4", "aux .mp4", "a:b?.mp4", "a\"b|.mp4", "trailing. ./x.mp4 ", " x.mp4",
            new string('王', 83) + ".mp4", "Straße.mp4", "STRASSE.mp4", "two\nlines.mp4", "exe\u202E4pm.mp4", "back\\slash.mp4",
        ];

        // A folder here and a file there may have the same name, which no file system holds. What would climb on
        // Windows is refused by the outputs folder.
        var written = paths
            .Where(path => RelativePath.IsSafe(path) && !paths.Any(other => other.StartsWith(path + "/", StringComparison.Ordinal)))
            .ToArray();
        foreach (var path in written)
        {
            fixture.Write(path, Content(path));
        }

        Assert.InRange(written.Length, 120, paths.Length);
        return fixture.Promise(CompressionChoice.Store, checksums: false, written);
    }
}
