using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HeyGemExport.Library;

namespace HeyGemExport.Tests.Exports;

/// <summary><c>metadata.csv</c>, in the archive and by itself, as another CSV reader than ours reads it.</summary>
public sealed class MetadataCsvTests : IAsyncLifetime
{
    private const string Header =
        "archive_path,original_path,batch,tags,bytes,sha256,modified_at,container,video_codec,audio_codec,width,height,"
        + "frame_rate,duration_seconds,bit_rate";

    private readonly ExportApp app = new();
    private HttpClient client = null!;

    public Task InitializeAsync()
    {
        client = app.CreateClient();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [ProgramFact("python3")]
    public async Task Stands_in_the_archive_with_the_hash_the_tags_and_the_facts_of_each_video()
    {
        var sample = Path.Combine(SourceTree.App, "..", "..", "outputs");
        var clip = Directory.GetFiles(sample, "*.mp4", SearchOption.AllDirectories)[0];
        app.Folder.Write("outputs/批次,一/课程\"1\".mp4", await File.ReadAllBytesAsync(clip),
            new DateTime(2026, 1, 2, 3, 4, 6, 500, DateTimeKind.Utc));
        await TagAsync("批次,一/课程\"1\".mp4", "客户A", "样片");

        var export = await app.ExportAsync(client, new { all = true }, new { metadataCsv = true, checksums = true });
        await using var zip = await OpenAsync(export);
        var csv = await zip.BytesAsync("metadata.csv");

        Assert.Equal(Encoding.UTF8.GetPreamble(), csv[..3]);
        Assert.StartsWith(Header + "\r\n", Encoding.UTF8.GetString(csv[3..]), StringComparison.Ordinal);
        var row = Assert.Single(await ReadAsync(csv));
        var bytes = await File.ReadAllBytesAsync(clip);
        Assert.Equal("批次,一/课程_1_.mp4", row["archive_path"]);
        Assert.Equal("批次,一/课程\"1\".mp4", row["original_path"]);
        Assert.Equal(("批次,一", "客户A;样片", $"{bytes.Length}"), (row["batch"], row["tags"], row["bytes"]));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), row["sha256"]);
        Assert.Equal("2026-01-02T03:04:06.500Z", row["modified_at"]);
        Assert.Equal(("mp4", "h264"), (row["container"], row["video_codec"]));
        Assert.NotEqual("", row["duration_seconds"]);

        // The other lists know of it.
        using var manifest = JsonDocument.Parse(await zip.BytesAsync("manifest.json"));
        var added = Assert.Single(manifest.RootElement.GetProperty("added").EnumerateArray());
        Assert.Equal(("metadata.csv", Convert.ToHexStringLower(SHA256.HashData(csv))),
            (added.GetProperty("name").GetString(), added.GetProperty("sha256").GetString()));
        Assert.Contains($"{Convert.ToHexStringLower(SHA256.HashData(csv))}  metadata.csv\n",
            Encoding.UTF8.GetString(await zip.BytesAsync("SHA256SUMS")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_another_name_where_a_video_has_its_own()
    {
        app.Settings["Library:Extensions"] = ".mp4 .csv";
        app.Folder.Write("outputs/METADATA.csv", [1, 2, 3], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        app.LeaveData();
        using var fresh = new ExportApp(app.Folder) { Settings = { ["Library:Extensions"] = ".mp4 .csv" } };
        using var other = fresh.CreateClient();

        var export = await fresh.ExportAsync(other, new { all = true }, new { metadataCsv = true });

        await using var zip = new ZipArchive(await other.GetStreamAsync(export.GetProperty("downloadUrl").GetString()));
        Assert.Equal(["METADATA.csv", "metadata (2).csv"], zip.Entries.Select(entry => entry.FullName));
    }

    [ProgramFact("python3")]
    public async Task Each_part_has_its_own_with_its_files_and_keeps_to_the_limit()
    {
        for (var number = 0; number < 12; number++)
        {
            app.AddVideo($"课程/{new string('长', 60)}{number:00}.mp4", 20_000, number);
        }

        const int Limit = 100_000;
        var set = await app.ExportAsync(client, new { all = true }, new { metadataCsv = true, maxPartBytes = Limit });

        List<string> listed = [];
        foreach (var part in set.GetProperty("parts").EnumerateArray())
        {
            Assert.True(part.GetProperty("bytes").GetInt64() <= Limit);
            await using var zip =
                new ZipArchive(new MemoryStream(await client.GetByteArrayAsync(part.GetProperty("downloadUrl").GetString())));
            var rows = await ReadAsync(await zip.BytesAsync("metadata.csv"));
            Assert.Equal(zip.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(".mp4", StringComparison.Ordinal)),
                rows.Select(row => row["archive_path"]));
            listed.AddRange(rows.Select(row => row["archive_path"]));
        }

        Assert.True(set.GetProperty("parts").GetArrayLength() > 2);
        Assert.Equal(12, listed.Distinct(StringComparer.Ordinal).Count());
    }

    [ProgramFact("python3")]
    public async Task Other_tags_make_another_archive_only_where_they_stand_in_it()
    {
        app.AddVideo("a.mp4");
        var plain = (await app.ExportAsync(client, new { all = true })).Id();
        var listed = (await app.ExportAsync(client, new { all = true }, new { metadataCsv = true })).Id();

        await TagAsync("a.mp4", "new");

        Assert.Equal(plain, (await app.ExportAsync(client, new { all = true })).Id());
        var again = await app.ExportAsync(client, new { all = true }, new { metadataCsv = true });
        Assert.NotEqual(listed, again.Id());
        Assert.NotEqual(plain, listed);
        await using var zip = await OpenAsync(again);
        Assert.Equal("new", Assert.Single(await ReadAsync(await zip.BytesAsync("metadata.csv")))["tags"]);
    }

    [ProgramFact("python3")]
    public async Task Says_what_was_so_when_the_export_was_confirmed()
    {
        await using var held = new HeldApp();
        held.AddVideo("a.mp4");
        using var other = held.CreateClient();
        await held.Get<LibraryIndex>().RefreshAsync(default);
        await other.PostAsJsonAsync("/api/v1/tags", new { paths = new[] { "a.mp4" }, add = new[] { "then" } });
        var id = await (await held.PostExportAsync(other, new { all = true }, new { metadataCsv = true })).IdAsync();
        await other.PostAsJsonAsync("/api/v1/tags", new { paths = new[] { "a.mp4" }, add = new[] { "later" } });

        await held.RunAsync(id);

        await using var zip = new ZipArchive(await other.GetStreamAsync($"/exports/{id}/download"));
        Assert.Equal("then", Assert.Single(await ReadAsync(await zip.BytesAsync("metadata.csv")))["tags"]);
    }

    [ProgramFact("python3")]
    public async Task Is_had_by_itself_for_a_selection_and_for_a_filter()
    {
        app.AddVideo("批次一/a.mp4");
        app.AddVideo("b.mp4");
        await app.Get<LibraryIndex>().RefreshAsync(default);
        await TagAsync("b.mp4", "客户A");

        var selected = await client.PostAsJsonAsync("/api/v1/videos/metadata.csv", new { selection = new { batches = new[] { "批次一" } } });
        var filtered = await client.GetAsync("/api/v1/videos/metadata.csv?tag=" + Uri.EscapeDataString("客户a"));

        Assert.Equal("text/csv; charset=utf-8", selected.Content.Headers.ContentType?.ToString());
        Assert.Equal("metadata.csv", selected.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("批次一/a.mp4", Assert.Single(await ReadAsync(await selected.Content.ReadAsByteArrayAsync()))["original_path"]);
        var row = Assert.Single(await ReadAsync(await filtered.Content.ReadAsByteArrayAsync()));
        Assert.Equal(("b.mp4", "客户A", ""), (row["original_path"], row["tags"], row["sha256"]));
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity, (
            await client.PostAsJsonAsync("/api/v1/videos/metadata.csv",
            new { selection = new { paths = new[] { "gone.mp4" } } })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/v1/videos/metadata.csv?state=odd")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/v1/videos/metadata.csv?state=ready,broken")).StatusCode);
        Assert.Empty(app.TempFiles);
    }

    [ProgramTheory("python3")]
    [InlineData("=1+1.mp4")]
    [InlineData("+a.mp4")]
    [InlineData("-a.mp4")]
    [InlineData("@a.mp4")]
    [InlineData("＝a.mp4")]
    [InlineData("＋a.mp4")]
    [InlineData("－a.mp4")]
    [InlineData("＠a.mp4")]
    [InlineData("\ta.mp4")]
    [InlineData("\ra.mp4")]
    [InlineData("\na.mp4")]
    public async Task A_name_that_a_spreadsheet_would_run_is_text(string name)
    {
        app.AddVideo(name);
        await app.Get<LibraryIndex>().RefreshAsync(default);
        await TagAsync(name, "=HYPERLINK(\"x\")");

        var row = Assert.Single(await ReadAsync(await client.GetByteArrayAsync("/api/v1/videos/metadata.csv")));

        Assert.Equal(("'" + name, "'=HYPERLINK(\"x\")"), (row["original_path"], row["tags"]));
    }

    private async Task TagAsync(string path, params string[] tags)
    {
        await app.Get<LibraryIndex>().RefreshAsync(default);
        var response = await client.PostAsJsonAsync("/api/v1/tags", new { paths = new[] { path }, add = tags });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<ZipArchive> OpenAsync(JsonElement export) =>
        new(new MemoryStream(await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString())));

    /// <summary>Reads it as Python does.</summary>
    private async Task<IReadOnlyList<Dictionary<string, string>>> ReadAsync(byte[] csv)
    {
        app.Folder.Write("read.csv", csv);
        var json = await ExternalTools.RunAsync(
            app.Folder.FullPath, "python3", "-c", 
                "import csv,json\nwith open('read.csv',encoding='utf-8-sig',newline='') as f: "
                + "print(json.dumps(list(csv.DictReader(f,strict=True))))");
        Assert.NotNull(json);
        return JsonSerializer.Deserialize<List<Dictionary<string, string>>>(json)!;
    }
}
