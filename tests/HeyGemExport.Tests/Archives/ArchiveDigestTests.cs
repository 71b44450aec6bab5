using System.Security.Cryptography;
using HeyGemExport.Archives;
using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Archives;

public sealed class ArchiveDigestTests : IDisposable
{
    private readonly ArchiveFixture fixture = new();

    [Theory]
    [InlineData(CompressionChoice.Store)]
    [InlineData(CompressionChoice.Deflate)]
    public async Task Is_the_sha256_of_the_file_as_it_ends_up(CompressionChoice compression)
    {
        var contract = fixture.Contract(compression, checksums: true, "a.mp4", "批次/bb.mp4", "ccc.mp4");

        var digest = await DigestAsync(contract, fixture.Builder);

        Assert.Equal(await FileSumAsync(), digest);
    }

    [Fact]
    public async Task Includes_what_is_written_into_a_large_entrys_header_afterwards()
    {
        fixture.Write("a.mp4", ArchiveFixture.Noise(5000, seed: 1));
        fixture.Write("b.mp4", ArchiveFixture.Noise(7000, seed: 2));
        var contract = fixture.Promise(CompressionChoice.Store, checksums: true, "a.mp4", "b.mp4");
        var builder = new ArchiveBuilder(new OutputsSources(fixture.Outputs), TimeProvider.System) { Zip64FromBytes = 1 };

        var digest = await DigestAsync(contract, builder);

        Assert.Equal(await FileSumAsync(), digest);
    }

    [Fact]
    public async Task What_is_final_cannot_be_written_again()
    {
        using var file = new MemoryStream();
        await using var target = new ZipTarget(file);
        await target.WriteAsync(new byte[100]);
        target.Settle();
        target.Position = 99;

        await Assert.ThrowsAsync<InvalidOperationException>(() => target.WriteAsync(new byte[1]).AsTask());
        Assert.Throws<InvalidOperationException>(() => target.Write(new byte[1]));
        target.Position = 100;
        await target.WriteAsync(new byte[1]);
        Assert.Equal(101, file.Length);
    }

    [Fact]
    public async Task A_file_shorter_than_what_was_called_final_is_a_fault_and_no_sum()
    {
        await using var partial = PartialArchive.Create(fixture.Folder["short.zip"], 0);
        await partial.Stream.WriteAsync(new byte[10]);
        partial.Digest.Settle(11);

        await Assert.ThrowsAsync<EndOfStreamException>(() => partial.Digest.CompleteAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_abandoned_archive_can_be_removed_while_it_is_being_read()
    {
        var partial = PartialArchive.Create(fixture.Folder["gone.zip"], 0);
        await partial.Stream.WriteAsync(new byte[32 * 1024 * 1024]);
        partial.Digest.Settle(32 * 1024 * 1024);

        await partial.DisposeAsync();

        Assert.Empty(Directory.GetFiles(fixture.Folder.FullPath, "gone*"));
    }

    public void Dispose() => fixture.Dispose();

    private async Task<string> DigestAsync(ArchiveContract contract, ArchiveBuilder builder)
    {
        await using var partial = PartialArchive.Create(fixture.Folder["digest.zip"], ArchiveSize.UpperBound(contract));
        await builder.BuildAsync(contract, partial.Stream, progress: null, CancellationToken.None, partial.Digest);
        var sum = await partial.Digest.CompleteAsync(CancellationToken.None);
        await partial.PublishAsync(CancellationToken.None);
        return sum;
    }

    private async Task<string> FileSumAsync()
    {
        await using var file = File.OpenRead(fixture.Folder["digest.zip"]);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }
}
