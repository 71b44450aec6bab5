using System.Text;

namespace HeyGemExport.BrowserTests.Verify;

/// <summary>What the page's scripts compute and read, asked of them one by one.</summary>
public sealed class VerifyReadingTests(Chromium chromium) : VerifyTest(chromium)
{
    [BrowserTheory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public async Task Hashes_as_FIPS_180_4_says(string text, string expected) =>
        Assert.Equal(expected, await HashAsync(await OpenAsync(), Encoding.ASCII.GetBytes(text), piece: 64));

    [BrowserFact]
    public async Task Hashes_the_same_however_the_data_is_cut()
    {
        var page = await OpenAsync();
        foreach (var piece in new[] { 1, 63, 64, 65, 1000, 5000 })
        {
            var data = Delivery.Random(4096 + piece, piece);
            Assert.Equal(Delivery.Hex(data), await HashAsync(page, data, piece));
        }
    }

    [BrowserFact]
    public async Task Finds_entries_beyond_four_gigabytes()
    {
        var path = App.Folder["far.zip"];
        await WriteFarAsync(path, "far.mp4", "content"u8.ToArray(), offset: (4L << 30) + 12_345);
        var page = await OpenAsync();
        await page.EvaluateAsync("document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'far' }))");
        await page.Locator("#far").SetInputFilesAsync(path);
        var found = await page.EvaluateAsync<string>(
            """
            async () => {
              const { readDirectory, openEntry } = await import('/js/verify/zip.js');
              const file = document.getElementById('far').files[0];
              const [entry] = await readDirectory(file);
              return `${entry.name} ${entry.offset} ${await (await openEntry(file, entry)).packed.text()}`;
            }
            """);
        Assert.Equal($"far.mp4 {(4L << 30) + 12_345} content", found);
    }

    private static Task<string> HashAsync(IPage page, byte[] data, int piece) => page.EvaluateAsync<string>(
        """
        async ([base64, piece]) => {
          const { Sha256 } = await import('/js/verify/sha256.js');
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const hash = new Sha256();
          for (let at = 0; at < bytes.length; at += piece) hash.update(bytes.subarray(at, at + piece));
          return hash.hex();
        }
        """,
        new object[] { Convert.ToBase64String(data), piece });

    /// <summary>One stored entry that lies far into a sparse file, with ZIP64 records (APPNOTE.TXT 4.3.14, 4.3.15, 4.5.3).</summary>
    private static async Task WriteFarAsync(string path, string name, byte[] content, long offset)
    {
        await using var file = File.Create(path);
        await using var writer = new BinaryWriter(file, Encoding.UTF8);
        file.Position = offset;
        writer.Write(
            Record($"504b0304 2d00 0000 0000 0000 0000 00000000 {Le(content.Length)} {Le(content.Length)} {Le((short)name.Length)} 0000"));
        writer.Write(Encoding.UTF8.GetBytes(name));
        writer.Write(content);
        var directory = file.Position;
        writer.Write(Record(
            $"504b0102 2d00 2d00 0000 0000 0000 0000 00000000 {Le(content.Length)} {Le(content.Length)} {Le((short)name.Length)} "
            + "0c00 0000 0000 0000 00000000 ffffffff"));
        writer.Write(Encoding.UTF8.GetBytes(name));
        writer.Write(Record($"0100 0800 {Le(offset)}"));
        var end = file.Position;
        writer.Write(Record($"504b0606 {Le(44L)} 2d00 2d00 00000000 00000000 {Le(1L)} {Le(1L)} {Le(end - directory)} {Le(directory)}"));
        writer.Write(Record($"504b0607 00000000 {Le(end)} 01000000"));
        writer.Write(Record("504b0506 0000 0000 ffff ffff ffffffff ffffffff 0000"));
    }

    private static byte[] Record(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static string Le(long value) => Convert.ToHexString(BitConverter.GetBytes(value));

    private static string Le(int value) => Convert.ToHexString(BitConverter.GetBytes(value));

    private static string Le(short value) => Convert.ToHexString(BitConverter.GetBytes(value));
}
