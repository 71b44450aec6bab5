using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using HeyGemExport.FileSystem;
using HeyGemExport.Library;
using Xunit.Abstractions;

namespace HeyGemExport.Tests.Library;

/// <summary>No name, time or length of a file takes the library from everybody.</summary>
/// <remarks>The files are in memory: file systems on disks know fewer times and lengths.</remarks>
public sealed class OddFilesTests : IDisposable
{
    private const string Memory = "/dev/shm";
    private const int Exabyte = 60;

    // As bytes: what no text is, among what is one.
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\uFFFE", "\uFFFF", "\uFFFD", "\uFFFDFF", "\uFDD0", "\uFEFF", "\u202E", "\u200B", "\u2028", "\uE000", "\U0001FFFE",
            "\U0010FFFF", "\U0001F600", "e\u0301", "\u1100\u1161", "\u0344", "\u01C5", "\u0130", "a", "视频", "\u0301", "\n", "\t",
            "\u0001", "\u007F", " ", ".",
            "\"", "'", "<b>", "&amp;", "%2e", ":", "*", "{0}", "{", "=1+1", ";",
        }.Select(Encoding.UTF8.GetBytes),
        // Halves of a surrogate pair, an overlong slash, a lone and a missing continuation.
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xC0, 0xAF], [0x80], [0xE4, 0xB8], [0xFF],
    ];

    private static readonly long[] Times =
    [
        0, -1, 1, 315_532_799, 4_354_819_200, 253_402_300_799, 253_402_300_800, -62_135_596_800, -62_135_596_801, -11_644_473_600,
        292_277_026_596L * 1000, long.MaxValue, long.MinValue, uint.MaxValue, int.MinValue,
    ];

    private readonly string memory = Path.Combine(Memory, $"heygem-test-{Guid.NewGuid():N}");
    private readonly ExportApp app = new();
    private readonly ITestOutputHelper output;
    private readonly HttpClient client;

    public OddFilesTests(ITestOutputHelper output)
    {
        this.output = output;
        if (Directory.Exists(Memory))
        {
            Directory.CreateDirectory(memory);
            Directory.Delete(app.Outputs);
            Directory.CreateSymbolicLink(app.Outputs, memory);
        }

        app.AddVideo("good/a.mp4");
        client = app.CreateClient();
    }

    public void Dispose()
    {
        client.Dispose();
        app.Dispose();
        using var remove = System.Diagnostics.Process.Start("rm", ["-rf", memory]);
        remove.WaitForExit();
    }

    [LinuxFact]
    public async Task Odd_names_and_times_are_listed_shown_found_and_packed()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        HashSet<string> paths = new(StringComparer.Ordinal);
        for (var number = 0; number < 150; number++)
        {
            var folder = random.Next(2) == 0 ? NameOf(random, number) : [];
            var name = NameOf(random, number);
            Add([.. folder, .. folder.Length > 0 ? "/"u8 : [], .. name, .. ".mp4"u8], Times[number % Times.Length]);
            paths.Add((folder.Length > 0 ? ByteName.ToText(folder) + "/" : "") + ByteName.ToText(name) + ".mp4");
        }

        var snapshot = await app.Get<LibraryIndex>().RefreshAsync(default);

        var listed = snapshot.Videos.Select(video => video.Path).Where(path => path is not "good/a.mp4");
        Assert.Equal(paths.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.All(snapshot.Videos, video => Assert.Equal(VideoState.Ready, video.State));
        await EverythingAnswersAsync(snapshot);
        var export = await app.ExportAsync(client, new { all = true }, new { checksums = true, metadataCsv = true });
        Assert.Equal(("ready", 151), (export.State(), export.GetProperty("fileCount").GetInt32()));
        await ExportsAnswerAsync(export.Id(), snapshot);
        var instant = await app.ExportAsync(client, new { all = true }, new { delivery = "instant" });
        Assert.Equal("ready", instant.State());
        await ExportsAnswerAsync(instant.Id(), snapshot);
    }

    [LinuxFact]
    public async Task A_time_that_no_archive_holds_is_noted()
    {
        Add("odd/a.mp4"u8.ToArray(), 253_402_300_800);
        Add("odd/b.mp4"u8.ToArray(), 4_000_000_000);

        var snapshot = await app.Get<LibraryIndex>().RefreshAsync(default);

        Assert.Equal("time-odd", Assert.Single(snapshot.Find("odd/a.mp4")!.Notes).Code);
        Assert.Empty(snapshot.Find("odd/b.mp4")!.Notes);
    }

    [LinuxFact]
    public async Task Files_of_exabytes_are_listed_with_a_sum_that_has_no_end_and_only_they_cannot_be_packed()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            Clips.WriteSparseMp4(Path.Combine(app.Outputs, "sparse", $"{name}.mp4"), 7L << Exabyte);
        }

        var snapshot = await app.Get<LibraryIndex>().RefreshAsync(default);

        Assert.Equal(long.MaxValue, snapshot.TotalBytes);
        Assert.All(snapshot.InBatch("sparse"), video => Assert.Equal(7L << Exabyte, video.Bytes));
        await EverythingAnswersAsync(snapshot);
        foreach (var options in new object?[] { null, new { maxPartBytes = 1_000_000_000 } })
        {
            using var refused = await app.PostExportAsync(client, new { all = true }, options);
            Assert.Equal("not-enough-space", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }
    }

    [LinuxFact]
    public async Task Odd_texts_in_task_lists_and_tags_hinder_nothing()
    {
        const string odd = "\uFFFE\uFFFF\uFDD0\u202E\u0301";
        app.AddVideo($"{odd}/{odd}.mp4");
        Write($"{odd}/tags.json", $$"""{"tags":["{{odd}}"],"videos":{"{{odd}}.mp4":["b"],"\ud800":["c"]} }""");
        Write("good/tags.json", """["a\uD800"]""");
        Write($"{odd}/tasks.json", $$"""[{"name":"{{odd}}","file":"{{odd}}.mp4"},{"name":"\ud800"}]""");
        Write("good/tasks.csv", $"name,file,state\n{odd},{odd}.mp4,{odd}\n");
        Write("tasks.csv", $"name,file,state\n{odd},{odd}/{odd}.mp4,done\n");

        await EverythingAnswersAsync(await app.Get<LibraryIndex>().RefreshAsync(default));

        void Write(string path, string text) => app.Folder.Write($"outputs/{path}", Encoding.UTF8.GetBytes(text));
    }

    private static byte[] NameOf(Random random, int number) =>
    [
        .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}")),
        .. Enumerable.Range(0, random.Next(1, 9)).SelectMany(_ => Pieces[random.Next(Pieces.Length)]),
    ];

    private async Task EverythingAnswersAsync(LibrarySnapshot snapshot)
    {
        List<string> addresses =
            ["/", "/api/v1/videos?pageSize=1000", "/api/v1/batches", "/api/v1/tags", "/metrics", "/ops", "/healthz/ready"];
        foreach (var sort in Enum.GetNames<VideoSort>())
        {
            addresses.Add($"/?sort={sort}");
            addresses.Add($"/api/v1/videos?sort={sort}&state=ready&pageSize=1000");
        }

        foreach (var video in snapshot.Videos)
        {
            var escaped = string.Join('/', video.Path.Split('/').Select(Uri.EscapeDataString));
            addresses.Add($"/?q={Uri.EscapeDataString(video.Path)}");
            addresses.Add($"/?batch={Uri.EscapeDataString(video.Batch)}");
            addresses.Add($"/api/v1/videos?q={Uri.EscapeDataString(video.Name)}");
            addresses.Add($"/watch/{escaped}");
            if (video.Bytes < 1 << 20)
            {
                addresses.Add($"/videos/{escaped}");
            }
        }

        foreach (var address in addresses)
        {
            using var answer = await client.GetAsync(address);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {address}");
        }

        await PreviewsAsync(snapshot);
        Assert.Equal("ready", (await app.ExportAsync(client, new { batches = new[] { "good" } })).State());
    }

    private async Task ExportsAnswerAsync(string id, LibrarySnapshot snapshot)
    {
        List<string> addresses =
        [
            "/exports", $"/exports/{id}", $"/exports/{id}/deliveries", $"/exports/{id}/download", $"/api/v1/exports/{id}", "/audit",
            "/exports/confirm?all=true", "/api/v1/videos/metadata.csv",
        ];
        foreach (var video in snapshot.Videos)
        {
            addresses.Add($"/exports?q={Uri.EscapeDataString(video.Name)}");
            addresses.Add($"/api/v1/exports?q={Uri.EscapeDataString(video.Path)}");
        }

        foreach (var address in addresses)
        {
            using var answer = await client.GetAsync(address);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {address}");
        }
    }

    private async Task PreviewsAsync(LibrarySnapshot snapshot)
    {
        List<object> selections =
        [
            new { all = true },
            new { query = "a" },
            new { query = "\uFFFE" },
            new { tags = new[] { "\uFFFE" } },
            new { paths = snapshot.Videos.Select(video => video.Path) },
        ];
        selections.AddRange(snapshot.Batches.Select(batch => new { batches = new[] { batch.Name } }));
        foreach (var selection in selections)
        {
            var body = new { selection, options = new { metadataCsv = true } };
            using var preview = await client.PostAsJsonAsync("/api/v1/exports/preview", body);
            Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
        }
    }

    private void Add(byte[] path, long modified)
    {
        app.Folder.Write("outputs/new", Clips.Mp4(1000));
        byte[] target = [.. Encoding.UTF8.GetBytes(app.Outputs + "/"), .. path, 0];
        var slash = Array.LastIndexOf(target, (byte)'/');
        _ = MakeFolder([.. target[..slash], 0], 0x1FF);
        Assert.Equal(0, Rename(Encoding.UTF8.GetBytes(app.Folder["outputs", "new"] + '\0'), target));
        Assert.Equal(0, SetTimes(-100, target, [modified, 0, modified, 0], 0));
    }

    [DllImport("libc", EntryPoint = "utimensat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetTimes(int folder, byte[] path, long[] times, int flags);

    [DllImport("libc", EntryPoint = "mkdir")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MakeFolder(byte[] path, uint mode);

    [DllImport("libc", EntryPoint = "rename")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Rename(byte[] from, byte[] to);
}
