using System.IO.Compression;
using System.IO.Hashing;
using System.Security.Cryptography;
using HeyGemExport.Archives;
using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Archives;

public sealed class ArchiveBuilderTests : IDisposable
{
    private readonly ArchiveFixture fixture = new();

    [Theory]
    [InlineData(CompressionChoice.Auto)]
    [InlineData(CompressionChoice.Store)]
    [InlineData(CompressionChoice.Deflate)]
    public async Task Holds_every_source_byte_for_byte_in_the_contracts_order(CompressionChoice compression)
    {
        fixture.Write("空.mp4", []);
        fixture.Write("b/大.mp4", ArchiveFixture.Noise(3_500_000, seed: 1));
        fixture.Write("a/raw.avi", new byte[2_000_000]);
        var contract = fixture.Promise(compression, checksums: false, "空.mp4", "b/大.mp4", "a/raw.avi");

        using var archive = await ZipFile.OpenReadAsync(await fixture.PackAsync(contract));

        Assert.Equal(contract.Entries.Select(entry => entry.EntryName), archive.Entries.Select(entry => entry.FullName),
            StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            await using var content = await entry.OpenAsync();
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy);
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(fixture.OutputsPath, entry.FullName)), copy.ToArray());
            Assert.Equal(Crc32.HashToUInt32(copy.ToArray()), entry.Crc32);
        }
    }

    [Fact]
    public async Task Gives_the_hash_of_each_source()
    {
        var contract = fixture.Contract(CompressionChoice.Store, checksums: false, "a.mp4", "bb.mp4");
        using var stream = new MemoryStream();

        var built = await fixture.Builder.BuildAsync(contract, stream, progress: null, CancellationToken.None);

        Assert.Equal(contract.Entries, built.Select(entry => entry.Entry));
        Assert.All(
            built, entry =>
            Assert.Equal(SHA256.HashData(File.ReadAllBytes(Path.Combine(fixture.OutputsPath, entry.Entry.Path))), entry.Sha256));
    }

    [Fact]
    public async Task Stores_what_does_not_shrink_and_deflates_what_does()
    {
        fixture.Write("h264.mp4", ArchiveFixture.Noise(1_000_000, seed: 1));
        fixture.Write("raw.avi", new byte[1_000_000]);
        fixture.Write("a tenth less is not reached.mov", [.. ArchiveFixture.Noise(1_000_000, seed: 2), .. new byte[50_000]]);
        var quarter = Enumerable.Range(0, 16).SelectMany(part => (byte[])[.. ArchiveFixture.Noise(48_000, part), .. new byte[16_000]]);
        fixture.Write("a quarter less.mov", [.. quarter]);
        fixture.Write("grows when deflated.mov", [.. ArchiveFixture.Noise(1_000_000, seed: 3).Select(value => (byte)(value | 0x90))]);
        var contract = fixture.Promise(
            CompressionChoice.Auto, checksums: false, "h264.mp4", "raw.avi", "a tenth less is not reached.mov", "a quarter less.mov",
            "grows when deflated.mov");

        using var archive = await ZipFile.OpenReadAsync(await fixture.PackAsync(contract));

        Assert.Equal(1_000_000, archive.Entries[0].CompressedLength);
        Assert.InRange(archive.Entries[1].CompressedLength, 1, 20_000);
        Assert.Equal(1_050_000, archive.Entries[2].CompressedLength);
        Assert.InRange(archive.Entries[3].CompressedLength, 768_000, 850_000);
        Assert.Equal(1_000_000, archive.Entries[4].CompressedLength);
    }

    [Fact]
    public async Task Keeps_times_in_the_servers_zone_within_what_zip_can_say()
    {
        fixture.Write("now.mp4", [1]);
        fixture.Write("old.mp4", [2]);
        fixture.Write("late.mp4", [3]);
        File.SetLastWriteTimeUtc(Path.Combine(fixture.OutputsPath, "old.mp4"), DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(Path.Combine(fixture.OutputsPath, "late.mp4"), new DateTime(2150, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var contract = fixture.Promise(CompressionChoice.Store, checksums: false, "now.mp4", "old.mp4", "late.mp4");
        using var stream = new MemoryStream();

        await new ArchiveBuilder(new OutputsSources(fixture.Outputs), new ShanghaiTime())
            .BuildAsync(contract, stream, progress: null, CancellationToken.None);

        using var archive = new ZipArchive(stream);
        Assert.Equal(new DateTime(2025, 12, 19, 22, 30, 22), archive.Entries[0].LastWriteTime.DateTime);
        Assert.Equal(new DateTime(1980, 1, 1), archive.Entries[1].LastWriteTime.DateTime);
        Assert.Equal(2107, archive.Entries[2].LastWriteTime.Year);
        Assert.All(archive.Entries, entry => Assert.Equal(unchecked((int)0x81A40000), entry.ExternalAttributes));
    }

    [Fact]
    public async Task Names_every_source_that_is_not_what_was_promised()
    {
        string[] paths = ["good.mp4", "grown.mp4", "gone.mp4", "touched.mp4", "linked.mp4", "also good.mp4", "folder/inside.mp4"];
        var contract = fixture.Contract(CompressionChoice.Store, checksums: false, paths);
        await File.AppendAllTextAsync(Path.Combine(fixture.OutputsPath, "grown.mp4"), "more");
        File.Delete(Path.Combine(fixture.OutputsPath, "gone.mp4"));
        File.SetLastWriteTimeUtc(Path.Combine(fixture.OutputsPath, "touched.mp4"), ArchiveFixture.SomeTime.AddSeconds(1));
        File.Delete(Path.Combine(fixture.OutputsPath, "linked.mp4"));
        File.CreateSymbolicLink(Path.Combine(fixture.OutputsPath, "linked.mp4"), Path.Combine(fixture.OutputsPath, "good.mp4"));
        Directory.Move(Path.Combine(fixture.OutputsPath, "folder"), Path.Combine(fixture.OutputsPath, "moved"));
        Directory.CreateSymbolicLink(Path.Combine(fixture.OutputsPath, "folder"), Path.Combine(fixture.OutputsPath, "moved"));
        using var stream = new MemoryStream();

        var broken = await Assert.ThrowsAsync<ContractBrokenException>(
            () => fixture.Builder.BuildAsync(contract, stream, progress: null, CancellationToken.None));

        Assert.Equal(
            [("grown.mp4", "changed"), ("gone.mp4", "vanished"), ("touched.mp4", "changed"), ("linked.mp4", "link"),
                ("folder/inside.mp4", "link")],
            broken.Issues.Select(fault => (fault.Path, fault.Code)));
        AssertNoArchive(stream);
    }

    [Fact]
    public async Task Notices_a_source_that_changes_while_it_is_read()
    {
        fixture.Write("a.mp4", new byte[5_000_000]);
        var contract = fixture.Promise(CompressionChoice.Store, checksums: false, "a.mp4");
        var touching =
            new Callback(() => File.SetLastWriteTimeUtc(Path.Combine(fixture.OutputsPath, "a.mp4"), ArchiveFixture.SomeTime.AddDays(1)));

        var broken = await Assert.ThrowsAsync<ContractBrokenException>(
            () => fixture.Builder.BuildAsync(contract, new MemoryStream(), touching, CancellationToken.None));

        Assert.Equal(("a.mp4", "changed"), (broken.Issues[0].Path, broken.Issues[0].Code));
    }

    [Fact]
    public async Task Notices_a_source_that_is_cut_short_while_it_is_read()
    {
        fixture.Write("a.mp4", new byte[5_000_000]);
        var contract = fixture.Promise(CompressionChoice.Store, checksums: false, "a.mp4");
        var cutting = new Callback(() =>
        {
            using var file =
                new FileStream(Path.Combine(fixture.OutputsPath, "a.mp4"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(100);
        });

        var broken = await Assert.ThrowsAsync<ContractBrokenException>(
            () => fixture.Builder.BuildAsync(contract, new MemoryStream(), cutting, CancellationToken.None));

        Assert.Equal("changed", Assert.Single(broken.Issues).Code);
    }

    [Fact]
    public async Task Leaves_nothing_that_can_be_taken_for_an_archive_when_cancelled()
    {
        var contract = fixture.Contract(CompressionChoice.Deflate, checksums: true, "a.mp4", "bb.mp4", "ccc.mp4");
        using var cancellation = new CancellationTokenSource();
        var cancelling = new Callback(cancellation.Cancel, skip: 2);
        using var stream = new MemoryStream();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => fixture.Builder.BuildAsync(contract, stream, cancelling, cancellation.Token));

        AssertNoArchive(stream);
    }

    [Fact]
    public async Task Passes_on_a_destination_that_cannot_be_written()
    {
        var contract = fixture.Contract(CompressionChoice.Store, checksums: false, "a.mp4");
        using var stream = new MemoryStream(new byte[50_000]);

        await Assert.ThrowsAsync<NotSupportedException>(
            () => fixture.Builder.BuildAsync(contract, stream, progress: null, CancellationToken.None));
    }

    [Fact]
    public async Task Reports_files_and_bytes_up_to_the_sums_of_the_contract()
    {
        var contract = fixture.Contract(CompressionChoice.Store, checksums: true, "a.mp4", "bb.mp4");
        var reports = new List<ArchiveProgress>();

        await fixture.Builder.BuildAsync(contract, new MemoryStream(), new Reports(reports), CancellationToken.None);

        Assert.Equal(new ArchiveProgress(2, contract.TotalBytes), reports[^1]);
        Assert.Equal(reports.OrderBy(report => report.DoneBytes), reports);
    }

    [Fact]
    public async Task Gives_the_list_of_checksums_a_name_that_no_source_has()
    {
        var contract = fixture.Contract(CompressionChoice.Store, checksums: true, "sha256sums", "SHA256SUMS (2)/a.mp4");

        using var archive = await ZipFile.OpenReadAsync(await fixture.PackAsync(contract));

        Assert.Equal(["sha256sums", "SHA256SUMS (2)/a.mp4", "SHA256SUMS (3)"], archive.Entries.Select(entry => entry.FullName),
            StringComparer.Ordinal);
    }

    public void Dispose() => fixture.Dispose();

    private static void AssertNoArchive(MemoryStream stream) =>
        Assert.Throws<InvalidDataException>(() => new ZipArchive(new MemoryStream(stream.ToArray())));

    private sealed class ShanghaiTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("+8", TimeSpan.FromHours(8), "+8", "+8");
    }

    private sealed class Reports(List<ArchiveProgress> reports) : IProgress<ArchiveProgress>
    {
        public void Report(ArchiveProgress value) => reports.Add(value);
    }

    private sealed class Callback(Action act, int skip = 0) : IProgress<ArchiveProgress>
    {
        private int left = skip;

        public void Report(ArchiveProgress value)
        {
            if (left-- == 0)
            {
                act();
            }
        }
    }
}
