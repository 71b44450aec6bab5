using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

public sealed class ArchiveSizeTests : IDisposable
{
    private readonly ArchiveFixture fixture = new();

    [Theory]
    [InlineData(CompressionChoice.Store, false)]
    [InlineData(CompressionChoice.Store, true)]
    [InlineData(CompressionChoice.Auto, true)]
    [InlineData(CompressionChoice.Deflate, true)]
    public async Task Is_never_below_the_real_size(CompressionChoice compression, bool checksums)
    {
        foreach (var bytes in new[] { 0, 1, 100, 16_383, 16_384, 70_000, 3_000_000 })
        {
            foreach (
                var noise in new[] { ArchiveFixture.Noise(bytes, seed: 1), ArchiveFixture.Noise(bytes, seed: 2)
                .Select(value => (byte)(value | 0x90)).ToArray(), new byte[bytes] })
            {
                string[] paths = ["短.mp4", $"{new string('长', 80)}/back\\slash.mp4"];
                foreach (var path in paths)
                {
                    fixture.Write(path, noise);
                }

                var contract = fixture.Promise(compression, checksums, paths);
                using var archive = new MemoryStream();
                await fixture.Builder.BuildAsync(contract, archive, progress: null, CancellationToken.None);

                Assert.True(ArchiveSize.UpperBound(contract) >= archive.Length, $"{bytes}: {archive.Length}");
            }
        }
    }

    [Fact]
    public async Task Is_close_to_the_real_size_of_many_small_files()
    {
        fixture.Write("a.mp4", new byte[3000]);
        var entry = fixture.EntryFor("a.mp4", "");
        var contract =
            new ArchiveContract([.. Enumerable.Range(0, 2000).Select(i => entry with { EntryName = $"batch/{i}.mp4" })],
            CompressionChoice.Store, Checksums: true);

        await AssertCloseAsync(contract);
    }

    [Theory]
    [InlineData(CompressionChoice.Store)]
    [InlineData(CompressionChoice.Auto)]
    public async Task Is_close_to_the_real_size_of_large_files(CompressionChoice compression)
    {
        fixture.Write("a.mp4", ArchiveFixture.Noise(60_000_000, seed: 3));

        await AssertCloseAsync(fixture.Promise(compression, checksums: true, "a.mp4"));
    }

    public void Dispose() => fixture.Dispose();

    private async Task AssertCloseAsync(ArchiveContract contract)
    {
        var real = new FileInfo(await fixture.PackAsync(contract)).Length;

        Assert.InRange(ArchiveSize.UpperBound(contract), real, (real + (real / 100)) + 65_536);
    }
}
