using System.IO.Compression;
using System.Text.Json;
using HeyGemExport.Library;

namespace HeyGemExport.Tests.Library;

public sealed class NameOrderTests : IDisposable
{
    private static readonly string[] Ordered =
    [
        "阿七.mp4", "第1课.mp4", "第2课.mp4", "第10课.mp4", "李四.mp4", "王五.mp4", "张三.mp4",
        "a9.mp4", "a10.mp4",
        "b/第2课/1.mp4", "b/第10课/1.mp4", "b/2.mp4", "b/10.mp4", "b/x.mp4",
        "b 2/x.mp4",
        "clip001.mp4", "clip01.mp4", "clip1.mp4", "Clip2.mp4", "clip10.mp4",
    ];

    private readonly ExportApp app = new();

    [Fact]
    public void Numbers_are_compared_by_value_Chinese_by_pinyin_and_folders_stay_together()
    {
        var sorted = NameOrder.Sort(Shuffled(Ordered).Select(Video)).Select(video => video.Path);

        // A digit comes before a Chinese character.
        Assert.Equal(Ordered.Except(["b/2.mp4", "b/10.mp4"]), sorted.Except(["b/2.mp4", "b/10.mp4"]));
        Assert.Equal(["b/2.mp4", "b/10.mp4"], sorted.Where(path => path is "b/2.mp4" or "b/10.mp4"));
    }

    [Fact]
    public void Names_that_differ_in_nothing_else_have_an_order_too()
    {
        Assert.True(NameOrder.Compare("clip01.mp4", "clip1.mp4") < 0);
        Assert.True(NameOrder.Compare("A.mp4", "a.mp4") < 0);
        Assert.Equal(0, NameOrder.Compare("a\uD800.mp4", "a\uD800.mp4"));
        Assert.NotEqual(0, NameOrder.Compare("a\uFFFE.mp4", "a/.mp4"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(400)]
    public void An_order_that_is_brought_up_to_date_is_the_order(int added)
    {
        var random = new Random(added);
        var names = Enumerable.Range(0, 1000)
            .Select(_ => $"批次{random.Next(9)}/第{random.Next(99)}课_{"张李王"[random.Next(3)]}{random.Next(99)}.mp4")
            .Distinct()
            .ToList();
        var before = NameOrder.Sort(names.Select(Video));
        var now = Shuffled([.. names.Skip(50), .. Enumerable.Range(0, added).Select(number => $"批次{number % 9}/新{number}.mp4")])
            .ToDictionary(path => path, Video, StringComparer.Ordinal);

        Assert.Equal(NameOrder.Sort(now.Values), NameOrder.Update(before, now));
    }

    [Fact]
    public async Task Page_api_tables_and_archives_have_the_same_order()
    {
        foreach (var (seed, name) in Shuffled(["课程/第1课.mp4", "课程/第2课.mp4", "课程/第10课.mp4", "王五.mp4", "张三.mp4"]).Index())
        {
            app.AddVideo(name, seed: seed);
        }

        string[] expected = ["课程/第1课.mp4", "课程/第2课.mp4", "课程/第10课.mp4", "王五.mp4", "张三.mp4"];
        using var client = app.CreateClient();
        var index = app.Get<LibraryIndex>();
        await index.RefreshAsync(CancellationToken.None);

        var items = JsonDocument.Parse(await client.GetStringAsync("/api/v1/videos?sort=name")).RootElement.GetProperty("items");
        Assert.Equal(expected, items.EnumerateArray().Select(item => item.GetProperty("path").GetString()!));
        items = JsonDocument.Parse(await client.GetStringAsync("/api/v1/videos?sort=name&batch=课程")).RootElement.GetProperty("items");
        Assert.Equal(expected[..3], items.EnumerateArray().Select(item => item.GetProperty("path").GetString()!));

        var table = await client.GetStringAsync("/api/v1/videos/metadata.csv");
        Assert.Equal(expected, table.Split('\n').Skip(1).Where(line => line.Length > 0).Select(line => line.Split(',')[0]));

        var export = await app.ExportAsync(client, new { all = true }, new { checksums = true });
        var archive = await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString());
        await using var zip = new ZipArchive(new MemoryStream(archive));
        Assert.Equal(expected, zip.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(".mp4", StringComparison.Ordinal)));
    }

    public void Dispose() => app.Dispose();

    private static Video Video(string path) => new(path, 1, DateTimeOffset.UnixEpoch, VideoState.Ready);

    private static string[] Shuffled(string[] names)
    {
        var shuffled = (string[])names.Clone();
        new Random(1).Shuffle(shuffled);
        return shuffled;
    }
}
