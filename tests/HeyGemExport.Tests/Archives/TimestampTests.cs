using System.Buffers.Binary;
using System.Diagnostics;
using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

/// <summary>The time of a file is the same instant for everybody, wherever the archive was packed and is unpacked.</summary>
public sealed class TimestampTests : IDisposable
{
    private static readonly DateTimeOffset Modified = new(2025, 12, 19, 14, 30, 21, TimeSpan.FromHours(8));

    private readonly ArchiveFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData(CompressionChoice.Store)]
    [InlineData(CompressionChoice.Deflate)]
    public async Task Every_entry_has_its_instant_in_both_headers(CompressionChoice compression)
    {
        var contract = Contract(compression, checksums: true, "批次/a.mp4", "empty.mp4");
        using var archive = new MemoryStream();
        var built = await fixture.Builder.BuildAsync(contract, archive, progress: null, CancellationToken.None);

        Assert.Equal(2 * 3, Instants(archive.ToArray()).Count);
        Assert.Equal(4, Instants(archive.ToArray()).Count(instant => instant == Modified.ToUnixTimeSeconds()));
        await ArchiveVerifier.VerifyAsync(contract, built, archive, progress: null, CancellationToken.None);
    }

    [Fact]
    public async Task Another_instant_is_not_what_was_promised()
    {
        var contract = Contract(CompressionChoice.Store, checksums: false, "a.mp4");
        using var archive = new MemoryStream();
        var built = await fixture.Builder.BuildAsync(contract, archive, progress: null, CancellationToken.None);
        var bytes = archive.ToArray();
        foreach (var at in Places(bytes))
        {
            bytes[at + 5] ^= 1;
        }

        await Assert.ThrowsAsync<ContractBrokenException>(() =>
            ArchiveVerifier.VerifyAsync(contract, built, new MemoryStream(bytes), progress: null, CancellationToken.None));
    }

    [Fact]
    public async Task A_time_that_the_field_cannot_hold_is_left_out()
    {
        fixture.Write("a.mp4", ArchiveFixture.Noise(100, seed: 1));
        File.SetLastWriteTimeUtc(Path.Combine(fixture.OutputsPath, "a.mp4"), new DateTime(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var contract = fixture.Promise(CompressionChoice.Store, checksums: false, "a.mp4");
        using var archive = new MemoryStream();
        var built = await fixture.Builder.BuildAsync(contract, archive, progress: null, CancellationToken.None);

        Assert.Empty(Instants(archive.ToArray()));
        await ArchiveVerifier.VerifyAsync(contract, built, archive, progress: null, CancellationToken.None);
    }

    [ProgramFact("unzip")]
    public async Task Unpacked_in_another_zone_the_file_has_the_same_instant()
    {
        var archive = await fixture.PackAsync(Contract(CompressionChoice.Store, checksums: false, "a.mp4"));
        var target = Path.Combine(Path.GetDirectoryName(archive)!, "unpacked");
        var start = new ProcessStartInfo("unzip", ["-q", archive, "-d", target]);
        start.Environment["TZ"] = "America/New_York";
        using var unzip = Process.Start(start)!;
        await unzip.WaitForExitAsync();

        Assert.Equal(Modified.UtcDateTime, File.GetLastWriteTimeUtc(Path.Combine(target, "a.mp4")));
    }

    private ArchiveContract Contract(CompressionChoice compression, bool checksums, params string[] paths)
    {
        foreach (var path in paths)
        {
            fixture.Write(path, path == "empty.mp4" ? [] : ArchiveFixture.Noise(1000, seed: path.Length));
            File.SetLastWriteTimeUtc(Path.Combine(fixture.OutputsPath, path), Modified.UtcDateTime);
        }

        return fixture.Promise(compression, checksums, paths);
    }

    private static List<long> Instants(byte[] archive) =>
        [.. Places(archive).Select(at => (long)BinaryPrimitives.ReadInt32LittleEndian(archive.AsSpan(at + 5)))];

    private static List<int> Places(byte[] archive)
    {
        byte[] mark = [0x55, 0x54, 5, 0, 1];
        List<int> places = [];
        for (var at = archive.AsSpan().IndexOf(mark); at >= 0;)
        {
            places.Add(at);
            var next = archive.AsSpan(at + 1).IndexOf(mark);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return places;
    }
}
