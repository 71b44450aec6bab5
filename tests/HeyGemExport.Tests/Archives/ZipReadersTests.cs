using System.Globalization;
using System.Text;
using HeyGemExport.Archives;
using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Archives;

/// <summary>What readers that are not ours make of our archives.</summary>
public sealed class ZipReadersTests : IDisposable
{
    /// <summary>Reads an archive in both of Java's ways and prints what it found: the streaming one is the strictest of all.</summary>
    private const string JavaReader = """
        import java.io.*;
        import java.util.zip.*;
        public class Main {
            public static void main(String[] args) throws Exception {
                var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
                var buffer = new byte[1 << 20];
                int entries = 0;
                long bytes = 0;
                try (var in = new ZipInputStream(new BufferedInputStream(new FileInputStream(args[0]), 1 << 20))) {
                    while (in.getNextEntry() != null) {
                        entries++;
                        for (int n; (n = in.read(buffer)) > 0;) bytes += n;
                    }
                }
                try (var zip = new ZipFile(args[0])) {
                    if (zip.size() != entries) throw new IllegalStateException("size " + zip.size());
                    long listed = zip.stream().mapToLong(ZipEntry::getSize).sum();
                    if (listed != bytes) throw new IllegalStateException("bytes " + listed);
                    if (entries < 100) zip.stream().forEach(e -> out.println(e.getName()));
                }
                out.println(entries + " " + bytes);
            }
        }
        """;

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

        var unpack = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nfor i in z.infolist(): open(i.filename, 'wb').write(z.read(i))";
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
            [.. Enumerable.Range(0, 66_000).Select(i => entry with { EntryName = string.Create(CultureInfo.InvariantCulture, $"批次/{i}.mp4") })], CompressionChoice.Store, Checksums: false);

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

    private async Task AssertAllAcceptAsync(string archive, ArchiveContract contract)
    {
        var entries = contract.Entries.Count + (contract.Checksums ? 1 : 0);
        var folder = fixture.Folder.FullPath;
        var java = ExternalTools.RunJavaAsync(folder, JavaReader, archive);
        await Task.WhenAll(
            java,
            ExternalTools.RunAsync(folder, "unzip", "-tqq", archive),
            ExternalTools.RunAsync(folder, "7z", "t", archive),
            ExternalTools.RunAsync(folder, "bsdtar", "-cf", "/dev/null", "@" + archive));
        const string list = """
            import sys, zipfile
            z = zipfile.ZipFile(sys.argv[1])
            assert z.start_dir > 1 << 32 or z.testzip() is None
            assert not any(i.flag_bits & 8 for i in z.infolist())
            sys.stdout.buffer.write("\n".join(i.filename for i in z.infolist()).encode())
            """;
        if (await ExternalTools.RunAsync(folder, "python3", "-c", list, archive) is { } listed)
        {
            var names = listed.Split('\n');
            Assert.Equal(entries, names.Length);
            Assert.Equal(contract.Entries.Select(entry => entry.EntryName), names.Take(contract.Entries.Count), StringComparer.Ordinal);
        }

        if (await java is { } read)
        {
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{entries} "), read.Trim().Split('\n')[^1], StringComparison.Ordinal);
        }
    }

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
