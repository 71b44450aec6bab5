using System.Globalization;
using System.IO.Compression;
using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

/// <summary>Archives that are known before they exist.</summary>
public sealed class ArchiveLayoutTests : IDisposable
{
    private static readonly DateTime SomeTime = new(2025, 12, 19, 14, 30, 22, DateTimeKind.Unspecified);

    private readonly TempFolder folder = new();

    [Fact]
    public async Task Every_reader_finds_names_and_contents()
    {
        var files = Files("speech.mp4", "批次一/数字人视频_王小明.mp4", "emoji/😀🎬.mov", "a b/é.mkv", "empty.avi");
        files["empty.avi"] = [];
        var archive = await WriteAsync(files);

        await ZipReaders.AssertAllAcceptAsync(archive, [.. files.Keys]);
        await using var zip = await ZipFile.OpenReadAsync(archive);
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            await using var stream = await entry.OpenAsync();
            await stream.CopyToAsync(content);
            Assert.Equal(files[entry.FullName], content.ToArray());
            Assert.Equal(SomeTime, entry.LastWriteTime.DateTime);
        }
    }

    [Fact]
    public async Task The_same_as_a_packed_archive_to_the_verifier()
    {
        using var fixture = new ArchiveFixture();
        var contract = fixture.Contract(CompressionChoice.Store, checksums: false, "批次/a.mp4", "b.mp4");
        using var packed = new MemoryStream();
        var built = await fixture.Builder.BuildAsync(contract, packed, progress: null, CancellationToken.None);
        var entries =
            contract.Entries.Select(entry => Entry(entry.EntryName, File.ReadAllBytes(Path.Combine(fixture.OutputsPath, entry.Path))))
            .ToList();
        using var laidOut = new MemoryStream(Bytes(
            new ArchiveLayout(entries), index => File.ReadAllBytes(
                Path.Combine(fixture.OutputsPath, contract.Entries[index].Path)), 0, long.MaxValue));

        await ArchiveVerifier.VerifyAsync(contract, built, laidOut, progress: null, CancellationToken.None);
    }

    [Fact]
    public async Task More_entries_than_16_bits_count()
    {
        var names = Enumerable.Range(0, 66_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"批次/{i}.mp4")).ToList();
        var content = new byte[] { 1, 2, 3 };
        var layout = new ArchiveLayout([.. names.Select(name => Entry(name, content))]);
        var archive = folder["many.zip"];
        await File.WriteAllBytesAsync(archive, Bytes(layout, _ => content, 0, long.MaxValue));

        Assert.Equal(layout.Length, new FileInfo(archive).Length);
        await ZipReaders.AssertAllAcceptAsync(archive, names);
        await using var stream = File.OpenRead(archive);
        var directory = await ArchiveDirectory.ReadAsync(stream, CancellationToken.None);
        Assert.Equal(names, directory.Select(entry => entry.Name));
        Assert.Equal(
            layout.ContentOffset(65_999), await ArchiveDirectory.ContentOffsetAsync(stream, directory[65_999], CancellationToken.None));
    }

    [Fact]
    public async Task Entries_and_offsets_over_4_GiB()
    {
        const long bytes = (4L << 30) + 12_345;
        var small = new byte[] { 1, 2, 3 };
        var layout = new ArchiveLayout(
            [Entry("1.mp4", small), new LayoutEntry("大.mp4", bytes, CrcOfZeros(bytes), SomeTime), Entry("3.mp4", small)]);
        var archive = folder["large.zip"];
        await using (var stream = new SparseFile(archive))
        {
            foreach (var piece in layout.Pieces(0, long.MaxValue))
            {
                if (piece.Entry == 1)
                {
                    stream.Position += piece.Count;
                }
                else
                {
                    await stream.WriteAsync(piece.Entry < 0 ? piece.Records : small);
                }
            }
        }

        Assert.Equal(layout.Length, new FileInfo(archive).Length);
        await ZipReaders.AssertAllAcceptAsync(archive, ["1.mp4", "大.mp4", "3.mp4"]);
    }

    [Fact]
    public void Any_range_is_a_part_of_the_whole()
    {
        var files = Files("a.mp4", "批次/b.mp4", "c.mp4");
        files["c.mp4"] = [];
        var (layout, content) = Layout(files);
        var whole = Bytes(layout, content, 0, long.MaxValue);

        Assert.Equal(layout.Length, whole.Length);
        for (var from = 0; from < whole.Length; from += 7)
        {
            var count = Math.Min((from * 31 % 400) + 1, whole.Length - from);
            Assert.Equal(whole[from..(from + count)], Bytes(layout, content, from, count));
        }
    }

    public void Dispose() => folder.Dispose();

    private static Dictionary<string, byte[]> Files(params string[] names) =>
        names.ToDictionary(name => name, name => ArchiveFixture.Noise(200 + name.Length, seed: name.Length), StringComparer.Ordinal);

    private static (ArchiveLayout Layout, Func<int, byte[]> Content) Layout(Dictionary<string, byte[]> files) =>
        (new ArchiveLayout([.. files.Select(file => Entry(file.Key, file.Value))]), index => files.ElementAt(index).Value);

    private async Task<string> WriteAsync(Dictionary<string, byte[]> files)
    {
        var (layout, content) = Layout(files);
        await File.WriteAllBytesAsync(folder["a.zip"], Bytes(layout, content, 0, long.MaxValue));
        return folder["a.zip"];
    }

    private static LayoutEntry Entry(string name, byte[] content) =>
        new(name, content.Length, System.IO.Hashing.Crc32.HashToUInt32(content), SomeTime);

    private static byte[] Bytes(ArchiveLayout layout, Func<int, byte[]> content, long from, long count)
    {
        using var bytes = new MemoryStream();
        foreach (var piece in layout.Pieces(from, count))
        {
            bytes.Write(piece.Entry < 0 ? piece.Records.Span : content(piece.Entry).AsSpan((int)piece.Offset, (int)piece.Count));
        }

        return bytes.ToArray();
    }

    private static uint CrcOfZeros(long bytes)
    {
        var crc = new System.IO.Hashing.Crc32();
        var zeros = new byte[1 << 20];
        for (var left = bytes; left > 0; left -= Math.Min(left, zeros.Length))
        {
            crc.Append(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
        }

        return crc.GetCurrentHashAsUInt32();
    }
}
