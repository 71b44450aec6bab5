using System.Globalization;
using System.Text;
using HeyGemExport.Archives;
using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Archives;

/// <summary>What readers that are not ours make of our archives.</summary>
public sealed class ZipReadersTests : IDisposable
{
    private static readonly string[] Paths =
    [
        "speech_portrait_generated_20251219_143022.mp4", "批次一/数字人视频_王小明.mp4", "emoji/😀🎬.mov", "a b/é.mkv", "raw.avi",
    ];

    private readonly ArchiveFixture fixture = new();

    [ProgramTheory("unzip", "7z", "bsdtar", "python3")]
    [InlineData(CompressionChoice.Auto)]
    [InlineData(CompressionChoice.Deflate)]
    public async Task Agree_on_names_and_contents(CompressionChoice compression)
    {
        fixture.Contract(compression, checksums: true, Paths);
        fixture.Write("raw.avi", new byte[3_000_000]);
        var contract = fixture.Promise(compression, checksums: true, Paths);
        var archive = await fixture.PackAsync(contract);

        await AssertAllAcceptAsync(archive, contract);
        (string Tool, string[] Arguments)[] unpackers =
        [
            ("unzip", ["-q", archive]), ("7z", ["x", "-y", archive]), ("bsdtar", ["-xf", archive]), ("jar", ["-xf", archive]),
            ("python3", ["-c", "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall()", archive]),
        ];
        foreach (var (tool, arguments) in unpackers)
        {
            var folder = Directory.CreateDirectory(fixture.Folder[$"by {tool}"]).FullName;
            if (await ExternalTools.RunAsync(folder, tool, arguments) is not null)
            {
                await AssertUnpackedAsync(folder);
            }
        }
    }

    [ProgramFact("python3")]
    public async Task Agree_on_escaped_names_in_the_list_of_checksums()
    {
        var contract = fixture.Contract(CompressionChoice.Store, checksums: true, "a.mp4", "b.mp4");

        // Contracts hold only names that are safe; the list must be right all the same.
        contract = contract with { Entries = [contract.Entries[0] with { EntryName = "back\\slash.mp4" }, contract.Entries[1]] };
        var archive = await fixture.PackAsync(contract);

        var unpack =
            "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nfor i in z.infolist(): open(i.filename, 'wb').write(z.read(i))";
        if (await ExternalTools.RunAsync(fixture.Folder.FullPath, "python3", "-c", unpack, archive) is not null)
        {
            await ExternalTools.RunAsync(fixture.Folder.FullPath, "sha256sum", "--check", "--strict", "SHA256SUMS");
        }
    }

    [ProgramFact("unzip", "7z", "bsdtar", "python3")]
    public async Task Accept_more_entries_than_16_bits_count()
    {
        fixture.Write("a.mp4", [1, 2, 3]);
        var entry = fixture.EntryFor("a.mp4", "");
        var contract = new ArchiveContract(
            [.. Enumerable.Range(0, 66_000)
                .Select(i =>
                entry with { EntryName = string.Create(CultureInfo.InvariantCulture,
                $"批次/{i}.mp4") })], CompressionChoice.Store, Checksums: false);

        await AssertAllAcceptAsync(await fixture.PackAsync(contract), contract);
    }

    /// <summary>An entry over 4 GiB between small ones, of which the last begins behind 4 GiB.</summary>
    [ProgramTheory("unzip", "7z", "bsdtar", "python3")]
    [InlineData(CompressionChoice.Store, "大.mp4")]
    [InlineData(CompressionChoice.Auto, "raw.avi")]
    public async Task Accept_entries_and_offsets_over_4_GiB(CompressionChoice compression, string large)
    {
        const long bytes = (4L << 30) + 12_345;
        fixture.Contract(compression, checksums: false, "1.mp4", "3.mp4");
        fixture.WriteSparse(large, bytes);
        var contract = fixture.Promise(compression, checksums: true, "1.mp4", large, "3.mp4");
        var path = fixture.Folder["large.zip"];
        await using (var stream = new SparseFile(path))
        {
            var built = await fixture.Builder.BuildAsync(contract, stream, progress: null, CancellationToken.None);
            await ArchiveVerifier.VerifyAsync(contract, built, stream, progress: null, CancellationToken.None);
        }

        await AssertAllAcceptAsync(path, contract);
    }

    [ProgramTheory("unzip", "7z", "bsdtar", "python3")]
    [InlineData(CompressionChoice.Store)]
    [InlineData(CompressionChoice.Deflate)]
    public async Task Accept_64_bit_lengths_of_entries_that_turn_out_smaller(CompressionChoice compression)
    {
        var contract = fixture.Contract(compression, checksums: true, Paths);
        var builder = new ArchiveBuilder(new OutputsSources(fixture.Outputs), TimeProvider.System) { Zip64FromBytes = 100_015 };
        var path = fixture.Folder["small.zip"];
        await using (var stream = File.Create(path))
        {
            var built = await builder.BuildAsync(contract, stream, progress: null, CancellationToken.None);
            await ArchiveVerifier.VerifyAsync(contract, built, stream, progress: null, CancellationToken.None);
        }

        await AssertAllAcceptAsync(path, contract);
    }

    public void Dispose() => fixture.Dispose();

    private Task AssertAllAcceptAsync(string archive, ArchiveContract contract) =>
        ZipReaders.AssertAllAcceptAsync(
            archive, [.. contract.Entries.Select(entry => entry.EntryName), .. contract.Checksums
            ? ["SHA256SUMS"] : Array.Empty<string>()]);

    private async Task AssertUnpackedAsync(string folder)
    {
        foreach (var path in Paths)
        {
            var unpacked = await File.ReadAllBytesAsync(Path.Combine(folder, path.Normalize(NormalizationForm.FormC)));
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(fixture.OutputsPath, path)), unpacked);
        }

        Assert.Equal(Paths.Length + 1, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count());
        await ExternalTools.RunAsync(folder, "sha256sum", "--check", "--strict", "SHA256SUMS");
    }
}
