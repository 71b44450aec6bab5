using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Library;
using HeyGemExport.Tests.Library;
using HeyGemExport.Tests.Pages;

namespace HeyGemExport.Tests.Exports;

/// <summary>Videos and batches whose names are not UTF-8, from the list to the archive.</summary>
public sealed class ByteNamedExportTests : IDisposable
{
    private const string Batch = "\uFFFDB5\uFFFDDA";
    private const string InBatch = $"{Batch}/a.mp4";
    private const string Alone = "\uFFFDFF.mp4";

    private readonly HeldApp app = new();
    private readonly byte[] inBatch;
    private readonly byte[] alone;

    public ByteNamedExportTests()
    {
        inBatch = app.AddVideo("b/a.mp4", 20_000, seed: 1);
        alone = app.AddVideo("c.mp4", 30_000, seed: 2);
        app.AddVideo("_FF.mp4", 10_000, seed: 3);
        ByteNamedFiles.Rename(app.Outputs, "b", "\u00B5\u00DA");
        ByteNamedFiles.Rename(app.Outputs, "c.mp4", "\u00FF.mp4");
    }

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Are_packed_under_names_that_every_system_takes_and_listed_with_both_names()
    {
        using var client = app.CreateClient();

        var export = await PackAsync(client, new { all = true }, new { checksums = true });
        await using var zip =
            new ZipArchive(new MemoryStream(await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString())));
        await using var manifest = await zip.GetEntry("manifest.json")!.OpenAsync();
        var files = (await JsonDocument.ParseAsync(manifest)).RootElement.GetProperty("files").EnumerateArray()
            .ToDictionary(file => file.GetProperty("path").GetString()!, file => file.GetProperty("name").GetString()!,
                StringComparer.Ordinal);
        var preview =
            await (await client.PostAsJsonAsync("/api/v1/exports/preview",
            new { selection = new { all = true } })).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("_B5_DA/a.mp4", files[InBatch]);
        Assert.Equal("_FF.mp4", files["_FF.mp4"]);
        Assert.Equal("_FF (2).mp4", files[Alone]);
        Assert.Equal([InBatch, Alone], preview.GetProperty("renamed").EnumerateArray().Select(file => file.GetProperty("path").GetString())
            .Order(StringComparer.Ordinal));
        Assert.Equal(inBatch, await zip.BytesAsync("_B5_DA/a.mp4"));
        Assert.Equal(alone, await zip.BytesAsync("_FF (2).mp4"));
    }

    [Fact]
    public async Task Are_chosen_by_path_by_batch_and_by_search()
    {
        using var client = app.CreateClient();

        Assert.Equal(1, (await PackAsync(client, new { paths = new[] { Alone } })).GetProperty("fileCount").GetInt32());
        Assert.Equal(1, (await PackAsync(client, new { batches = new[] { Batch } })).GetProperty("fileCount").GetInt32());
        Assert.Equal(1, (await PackAsync(client, new { query = "\uFFFDDA" })).GetProperty("fileCount").GetInt32());
        using var refused = await app.PostExportAsync(client, new { paths = new[] { "\uFFFDFE.mp4" } });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
    }

    [Fact]
    public async Task Stream_by_their_paths()
    {
        using var client = app.CreateClient();

        Assert.Equal(inBatch, await client.GetByteArrayAsync("/videos/" + Uri.EscapeDataString(Batch) + "/a.mp4"));
        Assert.Equal(alone, await client.GetByteArrayAsync("/videos/%EF%BF%BDFF.mp4"));
        using var bare = await client.GetAsync("/videos/%FF.mp4");
        Assert.InRange((int)bare.StatusCode, 400, 499);
    }

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task Are_picked_and_packed_from_the_page(string language)
    {
        using var visitor = await PageVisitor.OfAsync(app, language);

        var page = await visitor.OpenAsync("/");
        var watch = page.QuerySelectorAll("a.thumb").Select(link => link.GetAttribute("href")!)
            .Single(href => href.EndsWith("FF.mp4", StringComparison.Ordinal) && !href.EndsWith("_FF.mp4", StringComparison.Ordinal));
        var name = (await visitor.OpenAsync(watch)).QuerySelector("h1 bdi")!.TextContent;
        var batch = await visitor.OpenAsync("/?batch=" + Uri.EscapeDataString(Batch));

        Assert.Equal(Alone, name);
        Assert.Equal(VideoState.Ready, app.Get<LibraryIndex>().Current.Find(Alone)!.State);
        Assert.Single(batch.QuerySelectorAll("a.thumb"));
        Assert.Contains(batch.QuerySelectorAll("input[type=checkbox]"), box =>
            string.Equals(box.GetAttribute("value"), InBatch, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_swapped_for_a_link_after_the_confirmation_is_named_as_such()
    {
        using var client = app.CreateClient();
        using var confirmed = await app.PostExportAsync(client, new { paths = new[] { Alone } });
        var id = await confirmed.IdAsync();
        app.Folder.Write("secret.mp4", alone);
        ByteNamedFiles.Rename(app.Outputs, "\u00FF.mp4", "aside.mp4");
        File.CreateSymbolicLink(Path.Combine(app.Outputs, "link"), app.Folder["secret.mp4"]);
        ByteNamedFiles.Rename(app.Outputs, "link", "\u00FF.mp4");

        await app.RunAsync(id);
        var error = (await ExportApp.EndOfAsync(client, id)).GetProperty("error");

        Assert.Equal("source-unreadable", error.GetProperty("code").GetString());
    }

    private async Task<JsonElement> PackAsync(HttpClient client, object selection, object? options = null)
    {
        using var response = await app.PostExportAsync(client, selection, options);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var id = await response.IdAsync();
        await app.RunAsync(id);
        var export = await ExportApp.EndOfAsync(client, id);
        Assert.Equal("ready", export.GetProperty("state").GetString());
        return export;
    }
}
