using System.IO.Compression;

namespace HeyGemExport.BrowserTests.Verify;

/// <summary>The recipient's side: the browser alone says whether a delivery is whole and untouched.</summary>
public sealed class VerifyTests(Chromium chromium) : VerifyTest(chromium)
{
    [BrowserTheory]
    [InlineData(Words.Zh, "全部一致：2 个文件，一个不多，一个不少，未被改动")]
    [InlineData(Words.En, "All 2 files are there, nothing extra, nothing changed")]
    public async Task Proves_what_an_export_delivers(string locale, string verdict)
    {
        await ExportAsync(new { checksums = true }, "课程/第01讲.mp4", "welcome.mp4");
        var page = await OpenAsync(locale);
        await ChooseAsync(page, Assert.Single(App.TempFiles));
        await ExpectVerdictAsync(page, "good", verdict);
        Assert.Empty(Requests);
    }

    [BrowserFact]
    public async Task Unpacks_what_is_compressed()
    {
        Delivery.Level = CompressionLevel.Optimal;
        var page = await OpenAsync();
        await ChooseAsync(page, Delivery.Archive("deflated.zip"));
        await ExpectVerdictAsync(page, "good");
    }

    [BrowserFact]
    public async Task Names_a_file_of_which_one_byte_was_changed()
    {
        var changed = With("batch_1/课程 01.mp4", Delivery.Files["batch_1/课程 01.mp4"].ToArray());
        changed["batch_1/课程 01.mp4"][777_777] ^= 1;
        var page = await OpenAsync();
        await ChooseAsync(page, Delivery.Archive("changed.zip", changed));
        await ExpectFindingAsync(page, "changed", "batch_1/课程 01.mp4 its content is another (SHA-256)");
    }

    [BrowserTheory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public async Task Names_a_file_that_was_damaged_on_the_way(CompressionLevel level)
    {
        Delivery.Level = level;
        var path = Delivery.Archive("damaged.zip");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.AsSpan().IndexOf("lesson 02.mp4"u8) + 20_000] ^= 0x10;
        await File.WriteAllBytesAsync(path, bytes);
        var page = await OpenAsync();
        await ChooseAsync(page, path);
        await ExpectFindingAsync(page, "changed", "batch_1/lesson 02.mp4");
    }

    [BrowserFact]
    public async Task Names_a_file_that_is_missing()
    {
        var page = await OpenAsync();
        await ChooseAsync(page, Delivery.Archive("fewer.zip", Without("welcome.mov")));
        await ExpectFindingAsync(page, "missing", "welcome.mov");
    }

    [BrowserFact]
    public async Task Names_a_file_too_many_and_shows_its_name_as_text()
    {
        var page = await OpenAsync();
        await ChooseAsync(page, Delivery.Archive("more.zip", With("<img src=x onerror=alert(1)>\u202Egpj.mp4", [1])));
        await ExpectFindingAsync(page, "extra", "<img src=x onerror=alert(1)>\uFFFDgpj.mp4");
        Assert.Empty(Requests);
    }

    [BrowserTheory]
    [InlineData(10)]
    [InlineData(500_000)]
    public async Task Says_that_a_download_broke_off(int missing)
    {
        var path = Delivery.Archive("short.zip");
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength(file.Length - missing);
        }

        var page = await OpenAsync();
        await ChooseAsync(page, path);
        await ExpectFindingAsync(page, "unreadable", "short.zip its end is missing: the download is probably incomplete");
    }

    [BrowserFact]
    public async Task Without_a_list_only_the_published_hash_proves_the_whole()
    {
        var path = Delivery.Archive("plain.zip", withList: false);
        var page = await OpenAsync();
        await ChooseAsync(page, path);
        await ExpectVerdictAsync(page, "undamaged");
        await page.Locator("#published").FillAsync($"{Delivery.Hex(await File.ReadAllBytesAsync(path))}  plain.zip".ToUpperInvariant());
        await ExpectVerdictAsync(page, "good");
        await page.Locator("#published").FillAsync(new string('a', 64));
        await ExpectVerdictAsync(page, "foreign");
    }
}
