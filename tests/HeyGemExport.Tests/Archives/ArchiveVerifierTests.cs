using System.IO.Compression;
using System.Text;
using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

public sealed class ArchiveVerifierTests : IDisposable
{
    private static readonly string[] Paths = ["a.mp4", "批次/bb.mp4", "ccc.mp4"];

    private readonly ArchiveFixture fixture = new();

    [Theory]
    [InlineData(CompressionChoice.Store)]
    [InlineData(CompressionChoice.Deflate)]
    public async Task Accepts_a_good_archive_and_counts_all_of_it(CompressionChoice compression)
    {
        var (contract, built, archive) = await BuildAsync(compression);
        var counted = new LastReport();

        await ArchiveVerifier.VerifyAsync(contract, built, new MemoryStream(archive), counted, CancellationToken.None);

        Assert.True(counted.Value.DoneBytes >= contract.TotalBytes,
            $"{counted.Value.DoneBytes} of {contract.TotalBytes} bytes were compared.");
    }

    [Theory]
    [InlineData(CompressionChoice.Store)]
    [InlineData(CompressionChoice.Deflate)]
    public async Task Catches_a_flipped_bit_anywhere_in_the_data(CompressionChoice compression)
    {
        var (contract, built, archive) = await BuildAsync(compression);
        foreach (var entry in contract.Entries)
        {
            var start = archive.AsSpan().IndexOf(Encoding.UTF8.GetBytes(entry.EntryName)) + Encoding.UTF8.GetByteCount(entry.EntryName);
            foreach (var at in new[] { start, start + 50_000, start + 99_990 })
            {
                await AssertCaughtAsync(contract, built, Flipped(archive, at), named: entry.Path);
            }
        }
    }

    [Fact]
    public async Task Catches_a_flipped_bit_in_every_byte_that_says_where_or_what_an_entry_is()
    {
        fixture.Write("a.mp4", [1, 2, 3]);
        fixture.Write("é.mp4", [4, 5, 6, 7]);
        var contract = fixture.Promise(CompressionChoice.Store, checksums: false, "a.mp4", "é.mp4");
        var (built, archive) = await BuildAsync(contract);
        var central = archive.AsSpan().IndexOf("PK\u0001\u0002"u8);
        var end = archive.AsSpan().IndexOf("PK\u0005\u0006"u8);

        // Flags, method, time, CRC, lengths, name length, in both headers; the offset; the end's counts and places.
        int[] places =
            [.. Enumerable.Range(6, 24), .. Enumerable.Range(central + 8, 22), .. Enumerable.Range(central + 42, 4),
            .. Enumerable.Range(end, 22).Except([end + 4, end + 5, end + 6, end + 7])];
        foreach (var at in places)
        {
            await AssertCaughtAsync(contract, built, Flipped(archive, at, bit: 3), named: null);
        }
    }

    [Fact]
    public async Task Catches_an_entry_that_is_missing()
    {
        var (contract, built, _) = await BuildAsync(CompressionChoice.Store);
        var fewer = contract with { Entries = [contract.Entries[0], contract.Entries[2]] };

        await AssertCaughtAsync(contract, built, (await BuildAsync(fewer)).Archive, named: "批次/bb.mp4");
    }

    [Fact]
    public async Task Catches_an_entry_too_many()
    {
        var (contract, _, archive) = await BuildAsync(CompressionChoice.Store);
        var fewer = contract with { Entries = [contract.Entries[0], contract.Entries[1]] };
        var (built, _) = await BuildAsync(fewer);

        await AssertCaughtAsync(fewer, built, archive, named: "ccc.mp4");
    }

    [Fact]
    public async Task Catches_an_entry_that_the_framework_appended()
    {
        var (contract, built, archive) = await BuildAsync(CompressionChoice.Store);
        using var stream = new MemoryStream();
        stream.Write(archive);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.CreateEntry("a.mp4");
        }

        await AssertCaughtAsync(contract, built, stream.ToArray(), named: "a.mp4");
    }

    [Fact]
    public async Task Catches_every_cut()
    {
        var (contract, built, archive) = await BuildAsync(CompressionChoice.Store);
        foreach (var bytes in new[] { 0, 10, 100, 150_000, archive.Length - 100, archive.Length - 22, archive.Length - 1 })
        {
            await AssertCaughtAsync(contract, built, archive[..bytes], named: null);
        }
    }

    [Fact]
    public async Task Catches_what_follows_the_end()
    {
        var (contract, built, archive) = await BuildAsync(CompressionChoice.Store);

        await AssertCaughtAsync(contract, built, [.. archive, 0], named: null);
    }

    [Fact]
    public async Task Catches_what_lies_between_the_entries_and_the_directory()
    {
        var (contract, built, archive) = await BuildAsync(CompressionChoice.Store);
        var central = archive.AsSpan().IndexOf("PK\u0001\u0002"u8);
        byte[] padded = [.. archive[..central], 0, 0, 0, 0, .. archive[central..]];

        await AssertCaughtAsync(contract, built, padded, named: null);
    }

    [Fact]
    public async Task Catches_contents_under_each_others_names()
    {
        fixture.Write("a.mp4", ArchiveFixture.Noise(5000, seed: 1));
        fixture.Write("b.mp4", ArchiveFixture.Noise(5000, seed: 2));
        var contract = fixture.Promise(CompressionChoice.Store, checksums: false, "a.mp4", "b.mp4");
        var (built, _) = await BuildAsync(contract);
        var swapped =
            contract with { Entries = [contract.Entries[0] with { Path = "b.mp4" }, contract.Entries[1] with { Path = "a.mp4" }] };
        var (_, archive) = await BuildAsync(swapped);

        var broken = await Assert.ThrowsAsync<ContractBrokenException>(() => VerifyAsync(contract, built, archive));

        Assert.Equal([("a.mp4", "mismatch"), ("b.mp4", "mismatch")], broken.Issues.Select(fault => (fault.Path, fault.Code)));
    }

    [Fact]
    public async Task Catches_entries_in_another_order()
    {
        var (contract, built, _) = await BuildAsync(CompressionChoice.Store);
        var (_, archive) = await BuildAsync(contract with { Entries = [.. contract.Entries.Reverse()] });

        await AssertCaughtAsync(contract, built, archive, named: "a.mp4");
    }

    [Fact]
    public async Task Catches_an_archive_with_data_descriptors()
    {
        fixture.Write("a.mp4", [1, 2, 3]);
        var contract = fixture.Promise(CompressionChoice.Store, checksums: false, "a.mp4");
        var (built, _) = await BuildAsync(contract);
        using var stream = new MemoryStream();
        await using (var unseekable = new GZipStream(stream, CompressionLevel.NoCompression, leaveOpen: true))
        {
            using var zip = new ZipArchive(unseekable, ZipArchiveMode.Create, leaveOpen: true);
            await using var content = await zip.CreateEntry("a.mp4", CompressionLevel.NoCompression).OpenAsync();
            await content.WriteAsync(new byte[] { 1, 2, 3 });
        }

        stream.Position = 0;
        using var archive = new MemoryStream();
        await using var unpacked = new GZipStream(stream, CompressionMode.Decompress);
        await unpacked.CopyToAsync(archive);

        await AssertCaughtAsync(contract, built, archive.ToArray(), named: "a.mp4");
    }

    [Fact]
    public async Task Stops_when_cancelled()
    {
        var (contract, built, archive) = await BuildAsync(CompressionChoice.Store);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ArchiveVerifier.VerifyAsync(contract, built, new MemoryStream(archive), progress: null,
                new CancellationToken(canceled: true)));
    }

    public void Dispose() => fixture.Dispose();

    private static byte[] Flipped(byte[] archive, int at, int bit = 0)
    {
        byte[] flipped = [.. archive];
        flipped[at] ^= (byte)(1 << bit);
        return flipped;
    }

    private static async Task AssertCaughtAsync(ArchiveContract contract, IReadOnlyList<BuiltEntry> built, byte[] archive, string? named)
    {
        var broken = await Assert.ThrowsAsync<ContractBrokenException>(() => VerifyAsync(contract, built, archive));
        Assert.All(broken.Issues, fault => Assert.Equal("mismatch", fault.Code));
        if (named is not null)
        {
            Assert.Contains(broken.Issues, fault => string.Equals(fault.Path, named, StringComparison.Ordinal));
        }
    }

    private static Task VerifyAsync(ArchiveContract contract, IReadOnlyList<BuiltEntry> built, byte[] archive) =>
        ArchiveVerifier.VerifyAsync(contract, built, new MemoryStream(archive), progress: null, CancellationToken.None);

    private async Task<(ArchiveContract Contract, IReadOnlyList<BuiltEntry> Built, byte[] Archive)> BuildAsync(
        CompressionChoice compression)
    {
        var contract = fixture.Contract(compression, checksums: true, Paths);
        var (built, archive) = await BuildAsync(contract);
        return (contract, built, archive);
    }

    private async Task<(IReadOnlyList<BuiltEntry> Built, byte[] Archive)> BuildAsync(ArchiveContract contract)
    {
        using var stream = new MemoryStream();
        var built = await fixture.Builder.BuildAsync(contract, stream, progress: null, CancellationToken.None);
        return (built, stream.ToArray());
    }

    private sealed class LastReport : IProgress<ArchiveProgress>
    {
        public ArchiveProgress Value { get; private set; }

        public void Report(ArchiveProgress value) => Value = value;
    }
}
