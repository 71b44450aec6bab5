using System.IO.Compression;
using System.Text;
using Deque.AxeCore.Playwright;
using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Verify;

/// <summary>The recipient's side: the browser alone says whether a delivery is whole and untouched.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class VerifyTests : BrowserTest
{
    private readonly Delivery delivery;
    private readonly List<string> requests = [];

    public VerifyTests(Chromium chromium)
        : base(chromium, new ExportApp()) => delivery = new(App.Folder);

    [BrowserTheory]
    [InlineData(Words.Zh, "全部一致：2 个文件，一个不多，一个不少，未被改动")]
    [InlineData(Words.En, "All 2 files are there, no more, no fewer, untouched")]
    public async Task Proves_what_an_export_delivers(string locale, string verdict)
    {
        await ExportAsync(new { checksums = true }, "课程/第01讲.mp4", "welcome.mp4");
        var page = await OpenAsync(locale);
        await ChooseAsync(page, Assert.Single(App.TempFiles));
        await ExpectVerdictAsync(page, "good", verdict);
        Assert.Empty(requests);
    }

    [BrowserFact]
    public async Task Needs_no_network_and_makes_no_request_once_it_is_open()
    {
        var page = await OpenAsync();
        await page.Context.SetOfflineAsync(true);
        await ChooseAsync(page, delivery.Archive("good.zip"));
        await ExpectVerdictAsync(page, "good", "All 4 files are there, no more, no fewer, untouched");
        await AgainAsync(page, delivery.Archive("bad.zip", Without("welcome.mov")));
        await ExpectVerdictAsync(page, "bad");
        Assert.Empty(requests);
    }

    [BrowserFact]
    public async Task Unpacks_what_is_compressed()
    {
        delivery.Level = CompressionLevel.Optimal;
        var page = await OpenAsync();
        await ChooseAsync(page, delivery.Archive("deflated.zip"));
        await ExpectVerdictAsync(page, "good");
    }

    [BrowserFact]
    public async Task Names_a_file_of_which_one_byte_was_changed()
    {
        var changed = With("batch_1/课程 01.mp4", delivery.Files["batch_1/课程 01.mp4"].ToArray());
        changed["batch_1/课程 01.mp4"][777_777] ^= 1;
        var page = await OpenAsync();
        await ChooseAsync(page, delivery.Archive("changed.zip", changed));
        await ExpectFindingAsync(page, "changed", "batch_1/课程 01.mp4 its content is another (SHA-256)");
    }

    [BrowserTheory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public async Task Names_a_file_that_was_damaged_on_the_way(CompressionLevel level)
    {
        delivery.Level = level;
        var path = delivery.Archive("damaged.zip");
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
        await ChooseAsync(page, delivery.Archive("fewer.zip", Without("welcome.mov")));
        await ExpectFindingAsync(page, "missing", "welcome.mov");
    }

    [BrowserFact]
    public async Task Names_a_file_too_many_and_shows_its_name_as_text()
    {
        var page = await OpenAsync();
        await ChooseAsync(page, delivery.Archive("more.zip", With("<img src=x onerror=alert(1)>\u202Egpj.mp4", [1])));
        await ExpectFindingAsync(page, "extra", "<img src=x onerror=alert(1)>\uFFFDgpj.mp4");
        Assert.Empty(requests);
    }

    [BrowserTheory]
    [InlineData(10)]
    [InlineData(500_000)]
    public async Task Says_that_a_download_broke_off(int missing)
    {
        var path = delivery.Archive("short.zip");
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
        var path = delivery.Archive("plain.zip", withList: false);
        var page = await OpenAsync();
        await ChooseAsync(page, path);
        await ExpectVerdictAsync(page, "undamaged");
        await page.Locator("#published").FillAsync($"{Delivery.Hex(await File.ReadAllBytesAsync(path))}  plain.zip".ToUpperInvariant());
        await ExpectVerdictAsync(page, "good");
        await page.Locator("#published").FillAsync(new string('a', 64));
        await ExpectVerdictAsync(page, "foreign");
    }

    [BrowserFact]
    public async Task Knows_which_part_is_missing_from_a_set()
    {
        var parts = await ExportInPartsAsync();
        var page = await OpenAsync();
        await ChooseAsync(page, parts[0]);
        await ExpectFindingAsync(page, "missingParts", Path.GetFileName(parts[1]));
        await ExpectFindingAsync(page, "missing", "b.mp4");
        await AgainAsync(page, parts);
        await ExpectVerdictAsync(page, "good", "All 2 files are there, no more, no fewer, untouched");
    }

    [BrowserFact]
    public async Task Claims_nothing_for_parts_whose_list_was_overwritten()
    {
        foreach (var part in await ExportInPartsAsync())
        {
            await ZipFile.ExtractToDirectoryAsync(part, App.Folder["together"], overwriteFiles: true);
        }

        var page = await OpenAsync();
        await page.Locator("input[webkitdirectory]").SetInputFilesAsync(App.Folder["together"]);
        await ExpectVerdictAsync(page, "partial");
        await Assertions.Expect(page.Locator("[data-kind=unproved] li")).ToHaveTextAsync(["a.mp4"]);
    }

    [BrowserFact]
    public async Task Checks_an_unpacked_folder()
    {
        var folder = delivery.Unpacked("unpacked");
        var page = await OpenAsync();
        await page.Locator("input[webkitdirectory]").SetInputFilesAsync(folder);
        await ExpectVerdictAsync(page, "good", "All 4 files are there, no more, no fewer, untouched");

        File.Delete(Path.Combine(folder, "empty.mp4"));
        await File.WriteAllTextAsync(Path.Combine(folder, "batch_1", "notes.txt"), "mine");
        await AgainAsync(page);
        await page.Locator("input[webkitdirectory]").SetInputFilesAsync(folder);
        await ExpectFindingAsync(page, "missing", "empty.mp4");
        await ExpectFindingAsync(page, "extra", "batch_1/notes.txt");
    }

    [BrowserFact]
    public async Task Checks_unpacked_files_that_were_chosen_one_by_one()
    {
        var page = await OpenAsync();
        await ChooseAsync(page, Directory.GetFiles(delivery.Unpacked("unpacked"), "*", SearchOption.AllDirectories));
        await ExpectVerdictAsync(page, "good", "All 4 files are there, no more, no fewer, untouched");
    }

    [BrowserFact]
    public async Task Says_when_there_is_nothing_to_compare_with()
    {
        var page = await OpenAsync();
        await ChooseAsync(page, Path.Combine(delivery.Unpacked("unpacked"), "welcome.mov"));
        await Assertions.Expect(page.Locator("[data-part=refusal]")).ToContainTextAsync("There is neither a ZIP nor a list");
    }

    [BrowserFact]
    public async Task Can_be_cancelled_and_used_again()
    {
        var large = App.Folder["large.zip"];
        await using (var file = File.Create(large))
        {
            file.Write("PK\u0003\u0004"u8);
            file.SetLength(3L << 30);
        }

        await File.AppendAllBytesAsync(large, Record($"504b0506 {new string('0', 36)}"));
        var page = await OpenAsync();
        await ChooseAsync(page, large);
        await Assertions.Expect(page.Locator("[data-percent]")).Not.ToBeEmptyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-part=refusal]")).ToHaveTextAsync("The check was cancelled.");
        await ChooseAsync(page, delivery.Archive("good.zip"));
        await ExpectVerdictAsync(page, "good");
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

    [BrowserTheory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
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

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Serves_everybody(ColorScheme scheme)
    {
        var page = await OpenAsync(new VisitorOptions(Words.En, Scheme: scheme));
        await page.Locator("summary").ClickAsync();
        await page.AtRestAsync();
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => violation.Id));
        await ChooseAsync(page, delivery.Archive("fewer.zip", Without("welcome.mov")));
        await ExpectVerdictAsync(page, "bad");
        await page.AtRestAsync();
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => violation.Id));
        await AgainAsync(page, delivery.Archive("good.zip"));
        await ExpectVerdictAsync(page, "good");
        await page.AtRestAsync();
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => violation.Id));
    }

    private Task<IPage> OpenAsync(string locale = Words.En) => OpenAsync(new VisitorOptions(locale));

    private async Task<IPage> OpenAsync(VisitorOptions options)
    {
        var page = (await VisitAsync(options)).Page;
        await page.GotoAsync("/verify");
        await Assertions.Expect(page.Locator("#verify[data-ready]")).ToBeVisibleAsync();
        page.Context.Request += (_, request) => requests.Add(request.Url);
        return page;
    }

    private async Task<string[]> ExportInPartsAsync()
    {
        await ExportAsync(new { maxPartBytes = 100_000 }, "a.mp4", "b.mp4");
        Assert.Equal(2, App.TempFiles.Length);
        return [.. App.TempFiles.Order(StringComparer.Ordinal)];
    }

    private async Task ExportAsync(object options, params string[] videos)
    {
        for (var seed = 0; seed < videos.Length; seed++)
        {
            App.AddVideo(videos[seed], seed: seed);
        }

        using var client = App.CreateClient();
        await App.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        await App.ExportAsync(client, new { all = true }, options);
    }

    private static Task ChooseAsync(IPage page, params string[] paths) => page.Locator("input[multiple]").SetInputFilesAsync(paths);

    private static async Task AgainAsync(IPage page, params string[] paths)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Check something else" }).ClickAsync();
        if (paths.Length > 0)
        {
            await ChooseAsync(page, paths);
        }
    }

    private static async Task ExpectVerdictAsync(IPage page, string verdict, string? text = null)
    {
        var panel = page.Locator($"[data-part=result]:not([hidden]) [data-verdict={verdict}]");
        await Assertions.Expect(panel).ToBeVisibleAsync();
        if (text is not null)
        {
            await Assertions.Expect(panel.GetByRole(AriaRole.Heading)).ToHaveTextAsync(text);
        }
    }

    private static async Task ExpectFindingAsync(IPage page, string kind, string text)
    {
        await ExpectVerdictAsync(page, "bad");
        await Assertions.Expect(page.Locator($"[data-kind={kind}] li")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator($"[data-kind={kind}] li")).ToContainTextAsync(text);
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

    private Dictionary<string, byte[]> Without(string name) =>
        delivery.Files.Where(file => file.Key != name).ToDictionary(StringComparer.Ordinal);

    private Dictionary<string, byte[]> With(string name, byte[] content) =>
        new(delivery.Files, StringComparer.Ordinal) { [name] = content };

    /// <summary>One stored entry that lies far into a sparse file, with ZIP64 records (APPNOTE.TXT 4.3.14, 4.3.15, 4.5.3).</summary>
    private static async Task WriteFarAsync(string path, string name, byte[] content, long offset)
    {
        await using var file = File.Create(path);
        await using var writer = new BinaryWriter(file, Encoding.UTF8);
        file.Position = offset;
        writer.Write(Record($"504b0304 2d00 0000 0000 0000 0000 00000000 {Le(content.Length)} {Le(content.Length)} {Le((short)name.Length)} 0000"));
        writer.Write(Encoding.UTF8.GetBytes(name));
        writer.Write(content);
        var directory = file.Position;
        writer.Write(Record($"504b0102 2d00 2d00 0000 0000 0000 0000 00000000 {Le(content.Length)} {Le(content.Length)} {Le((short)name.Length)} 0c00 0000 0000 0000 00000000 ffffffff"));
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
