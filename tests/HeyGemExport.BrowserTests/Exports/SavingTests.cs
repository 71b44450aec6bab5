using System.Security.Cryptography;
using HeyGemExport.Audit;
using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Exports;

/// <summary>Videos that are saved into a folder without an archive. The folder is one of the browser's own, which scripts write into in the
/// same way as into one on the disk; only the person's choice is replaced.</summary>
public sealed class SavingTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    private const string ChooseOwnFolder =
        "window.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('客户', { create: true });";

    private const string Read = """
        async () => {
          const found = {};
          const read = async (folder, path) => {
            for await (const [name, handle] of folder.entries()) {
              if (handle.kind === 'directory') { await read(handle, `${path}${name}/`); continue; }
              const bytes = await (await handle.getFile()).arrayBuffer();
              const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
              found[path + name] = [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase();
            }
          };
          await read(await (await navigator.storage.getDirectory()).getDirectoryHandle('客户', { create: true }), '');
          return found;
        }
        """;

    private const string Write = """
        async ([path, base64]) => {
          let folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('客户', { create: true });
          const names = path.split('/');
          const name = names.pop();
          for (const each of names) folder = await folder.getDirectoryHandle(each, { create: true });
          const out = await (await folder.getFileHandle(name, { create: true })).createWritable();
          await out.write(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
          await out.close();
        }
        """;

    [BrowserTheory]
    [InlineData(
        Words.Zh, 320, "保存到文件夹…", "未下载",
        "已保存 4 个到“客户”，0 个原已在其中。已逐个核对 SHA-256，一个不少，内容一致。")]
    [InlineData(
        Words.En, 1280, "Save to a folder…", "New",
        "Saved to “客户”: 4 new, 0 already there. Each has been compared with its SHA-256: nothing is missing, nothing has changed.")]
    public async Task Every_video_is_written_as_it_is_and_compared_and_counts_as_downloaded(
        string locale, int width, string save, string badge, string whole)
    {
        AddVideos();
        var visitor = await ComeAsync(new VisitorOptions(locale, Width: width), 4);
        await visitor.AskAsync();
        await visitor.ShowAsync($"offer to save {locale}");
        await visitor.Button(save).ClickAsync();

        await Assertions.Expect(Outcome(visitor)).ToHaveTextAsync(whole);
        await visitor.ShowAsync($"saved {locale}");
        Assert.Empty(await visitor.Page.ViolationsAsync());
        Assert.Equal(Sources(), await FolderAsync(visitor));
        Assert.Empty(App.TempFiles);
        using var client = App.CreateClient();
        var records = await client.AuditAsync(AuditActions.DownloadFinished);
        Assert.Equal(4, records.Count);
        Assert.All(records, record => Assert.Equal("complete", record.GetProperty("outcome").GetString()));

        // What is saved is no longer new to this person.
        App.AddVideo("培训/第9课.mp4", seed: 9);
        await Eventually.HoldsAsync(() => App.Get<LibraryIndex>().Current.Videos.Count == 5);
        await visitor.GoAsync("/");
        await Assertions.Expect(visitor.Page.Locator(".row .badge-new")).ToHaveTextAsync([badge]);
    }

    [BrowserFact]
    public async Task What_is_there_is_kept_what_was_cut_goes_on_and_what_is_another_file_is_left_alone()
    {
        AddVideos();
        var files = Directory.GetFiles(App.Outputs, "*", SearchOption.AllDirectories);
        var visitor = await ComeAsync(Words.En, 4);
        var (whole, cut, other) = ("培训/第1课.mp4", "培训/第2课.mp4", "样片/片头.mp4");
        await PutAsync(visitor, whole, await BytesAsync(whole));
        await PutAsync(visitor, cut, (await BytesAsync(cut))[..100_000]);
        await PutAsync(visitor, other, new byte[70_000]);
        List<string> ranges = [];
        visitor.Page.Context.Request += (_, request) => ranges.Add($"{request.Method} {request.Headers.GetValueOrDefault("range")}");

        await visitor.AskAsync();
        await visitor.Button("Save to a folder…").ClickAsync();

        await Assertions.Expect(Outcome(visitor)).ToHaveTextAsync("Saved to “客户”: 2 new, 1 already there, 1 not saved.");
        await Assertions.Expect(visitor.Page.Locator("[data-saving-issues] li"))
            .ToHaveTextAsync([$"{other} · another file of this name is already there and was left alone"]);
        await visitor.ShowAsync("saved in part");
        Assert.Contains("GET bytes=100000-", ranges);
        var folder = await FolderAsync(visitor);
        Assert.Equal(files.Length, folder.Count);
        Assert.Equal([other], Sources().Where(source => folder[source.Key] != source.Value).Select(source => source.Key));

        // Once it is out of the way, the rest follows.
        await visitor.Page.EvaluateAsync("""
            async () => (await (await (await navigator.storage.getDirectory()).getDirectoryHandle('客户'))
              .getDirectoryHandle('样片')).removeEntry('片头.mp4')
            """);
        await visitor.Button("Continue").ClickAsync();
        await Assertions.Expect(Outcome(visitor)).ToContainTextAsync("Each has been compared with its SHA-256");
        Assert.Equal(Sources(), await FolderAsync(visitor));
    }

    [BrowserFact]
    public async Task What_arrives_changed_is_not_kept_and_a_connection_that_breaks_goes_on()
    {
        AddVideos();
        var visitor = await ComeAsync(Words.En, 4);
        var broken = 0;
        await visitor.Page.Context.RouteAsync("**/downloads/**", async route =>
        {
            if (route.Request.Method == "GET" && route.Request.Url.EndsWith("%E7%AC%AC1%E8%AF%BE.mp4", StringComparison.Ordinal))
            {
                await route.FulfillAsync(new() { Status = 200, BodyBytes = new byte[64 * 1024] });
            }
            else if (route.Request.Method == "GET" && Interlocked.Increment(ref broken) == 1)
            {
                await route.AbortAsync("connectionreset");
            }
            else
            {
                await route.ContinueAsync();
            }
        });

        await visitor.AskAsync();
        await visitor.Button("Save to a folder…").ClickAsync();

        await Assertions.Expect(Outcome(visitor)).ToHaveTextAsync("Saved to “客户”: 3 new, 0 already there, 1 not saved.");
        await Assertions.Expect(visitor.Page.Locator("[data-saving-issues] li"))
            .ToHaveTextAsync(["培训/第1课.mp4 · what arrived differs from the server’s SHA-256 and was discarded"]);
        var folder = await FolderAsync(visitor);
        Assert.DoesNotContain("培训/第1课.mp4", folder.Keys);
        Assert.Equal(3, folder.Count);
    }

    [BrowserFact]
    public async Task It_can_be_cancelled_and_goes_on_where_it_was()
    {
        AddVideos();
        App.AddVideo("大/长.mp4", 4_000_000, seed: 8);
        var visitor = await ComeAsync(Words.En, 5);
        var stuck = new TaskCompletionSource();
        await visitor.Page.Context.RouteAsync("**/downloads/**", async route =>
        {
            await stuck.Task;
            await route.ContinueAsync();
        });
        await visitor.AskAsync();
        await visitor.Button("Save to a folder…").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("[data-saving-figures]")).ToContainTextAsync("0 of 5 videos");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await visitor.ShowAsync("saving");

        await visitor.Page.Locator("[data-saving-stop]").ClickAsync();
        stuck.SetResult();

        await Assertions.Expect(Outcome(visitor)).ToHaveTextAsync("Cancelled. Saved to “客户”: 0 new, 0 already there, 5 missing.");
        await visitor.Button("Continue").ClickAsync();
        await Assertions.Expect(Outcome(visitor)).ToContainTextAsync("Saved to “客户”: 5 new");
        Assert.Equal(Sources(), await FolderAsync(visitor));
    }

    [BrowserFact]
    public async Task It_is_offered_only_where_the_browser_can_do_it()
    {
        App.Settings["Accounts:AllowOpenOnNetwork"] = "true";
        AddVideos();
        var can = await ComeAsync(Words.En, 4);
        await can.AskAsync();
        await Assertions.Expect(can.Button("Save to a folder…")).ToBeVisibleAsync();
        var cannot = await VisitLibraryAsync(new VisitorOptions(Words.En, Host: Chromium.LanHost), 4);
        await cannot.AskAsync();
        await Assertions.Expect(cannot.Button("Save to a folder…")).ToHaveCountAsync(0);
    }

    private Task<Visitor> ComeAsync(string locale, int videos) => ComeAsync(new VisitorOptions(locale), videos);

    private async Task<Visitor> ComeAsync(VisitorOptions options, int videos)
    {
        var visitor = await VisitLibraryAsync(options, videos);
        await visitor.Page.AddInitScriptAsync(ChooseOwnFolder);
        await visitor.GoAsync("/");
        return visitor;
    }

    private static ILocator Outcome(Visitor visitor) => visitor.Page.Locator("[data-saving-outcome]");

    private void AddVideos()
    {
        App.AddVideo("培训/第1课.mp4", seed: 1);
        App.AddVideo("培训/第2课.mp4", 300_000, seed: 2);
        App.AddVideo("样片/片头.mp4", 70_000, seed: 3);
        App.AddVideo("单个.mp4", 5_000_000, seed: 4);
    }

    private Dictionary<string, string> Sources() => Directory.GetFiles(App.Outputs, "*", SearchOption.AllDirectories).ToDictionary(
        file => Path.GetRelativePath(App.Outputs, file).Replace('\\', '/'),
        file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));

    private Task<byte[]> BytesAsync(string path) => File.ReadAllBytesAsync(Path.Combine(App.Outputs, path));

    private static Task<Dictionary<string, string>> FolderAsync(Visitor visitor) =>
        visitor.Page.EvaluateAsync<Dictionary<string, string>>(Read);

    private static async Task PutAsync(Visitor visitor, string path, byte[] content) =>
        await visitor.Page.EvaluateAsync(Write, new[] { path, Convert.ToBase64String(content) });
}
