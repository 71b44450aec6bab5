using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HeyGemExport.Library;

namespace HeyGemExport.Tests.Library.Tags;

/// <summary>Tags over the API: given, taken, filtered by, packed by, audited.</summary>
public sealed class TagApiTests : IAsyncLifetime
{
    private readonly ExportApp app = new();
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        app.AddVideo("批次一/a.mp4", seed: 1);
        app.AddVideo("批次一/b.mp4", seed: 2);
        app.AddVideo("c.mp4", seed: 3);
        client = app.CreateClient();
        await app.Get<LibraryIndex>().RefreshAsync(default);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Tags_are_listed_counted_filtered_by_and_taken_again()
    {
        Assert.Equal(2, await ChangeAsync(new { paths = new[] { "批次一/a.mp4", "c.mp4" }, add = new[] { " 客户A ", "Draft" } }));
        Assert.Equal(0, await ChangeAsync(new { paths = new[] { "c.mp4" }, add = new[] { "draft" } }));

        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/tags");
        Assert.Equal([("Draft", 2), ("客户A", 2)], list.GetProperty("items").EnumerateArray()
            .Select(item => (item.GetProperty("name").GetString()!, item.GetProperty("videos").GetInt32())));
        Assert.Equal(["批次一/a.mp4", "c.mp4"], await PathsAsync("tag=DRAFT"));
        Assert.Equal(["批次一/a.mp4"], await PathsAsync("tag=draft&tag=" + Uri.EscapeDataString("客户a") + "&q=" + Uri.EscapeDataString("批次")));
        Assert.Empty(await PathsAsync("tag=nobody"));

        Assert.Equal(1, await ChangeAsync(new { paths = new[] { "c.mp4" }, remove = new[] { "DRAFT" } }));
        Assert.Equal(["批次一/a.mp4"], await PathsAsync("tag=draft"));
    }

    [Fact]
    public async Task A_batchs_tag_is_that_of_each_of_its_videos_and_is_packed_by()
    {
        await ChangeAsync(new { batches = new[] { "批次一" }, add = new[] { "交付" } });
        await ChangeAsync(new { paths = new[] { "c.mp4" }, add = new[] { "other" } });

        var export = await app.ExportAsync(client, new { tags = new[] { "交付" } });
        await using var zip = new ZipArchive(await client.GetStreamAsync(export.GetProperty("downloadUrl").GetString()));
        Assert.Equal(["批次一/a.mp4", "批次一/b.mp4"], zip.Entries.Select(entry => entry.FullName));
        var united = await app.ExportAsync(client, new { tags = new[] { "交付", "OTHER" } });
        Assert.Equal(3, united.GetProperty("fileCount").GetInt32());
    }

    [Theory]
    [InlineData("""{ "paths": ["gone.mp4"], "add": ["x"] }""", 422, "not-listed")]
    [InlineData("""{ "paths": ["../../etc/passwd"], "add": ["x"] }""", 422, "not-listed")]
    [InlineData("""{ "batches": ["gone"], "add": ["x"] }""", 422, "not-listed")]
    [InlineData("""{ "paths": ["c.mp4"] }""", 422, "no-tags")]
    [InlineData("""{ "add": ["x"] }""", 422, "nothing-named")]
    [InlineData("""{ "paths": ["c.mp4"], "add": ["a;b"] }""", 422, "tag-invalid")]
    [InlineData("""{ "paths": ["c.mp4"], "add": [null] }""", 400, "bad-request")]
    [InlineData("""{ "paths": ["c.mp4"], "ad": ["x"] }""", 400, "bad-request")]
    [InlineData("[", 400, "bad-request")]
    public async Task What_cannot_be_done_is_refused_with_a_code(string body, int status, string code)
    {
        var response = await client.PostAsync("/api/v1/tags", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Empty((await client.GetFromJsonAsync<JsonElement>("/api/v1/tags")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_video_has_at_most_fifty_and_then_nothing_is_changed()
    {
        await ChangeAsync(new { paths = new[] { "c.mp4" }, add = Enumerable.Range(0, 50).Select(number => $"t{number}") });

        var response =
            await client.PostAsJsonAsync("/api/v1/tags", new { paths = new[] { "c.mp4", "批次一/a.mp4" }, add = new[] { "one more" } });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("too-many-tags", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Empty(await PathsAsync("tag=one%20more"));
    }

    [Fact]
    public async Task A_tag_of_the_file_is_taken_only_by_the_file()
    {
        app.Folder.Write(Path.Combine("outputs", "批次一", "tags.json"), Encoding.UTF8.GetBytes("""["fixed"]"""));
        await app.Get<LibraryIndex>().RefreshAsync(default);

        var response = await client.PostAsJsonAsync("/api/v1/tags", new { batches = new[] { "批次一" }, remove = new[] { "fixed" } });

        Assert.Equal("tag-elsewhere", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(2, (await PathsAsync("tag=fixed")).Count);
    }

    [Fact]
    public async Task A_change_is_audited_with_who_what_and_where()
    {
        await ChangeAsync(new { paths = new[] { "c.mp4" }, batches = new[] { "批次一" }, add = new[] { "客户A" } });

        var audit = await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=tags-changed");
        var record = Assert.Single(audit.GetProperty("items").EnumerateArray());
        Assert.Equal(
            ("anonymous", 2, "+客户A: c.mp4, 批次一"), (record.GetProperty("who").GetString(), record.GetProperty("fileCount").GetInt32(),
            record.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Twenty_changes_at_once_all_hold()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(number => ChangeAsync(new { paths = new[] { "c.mp4" }, add = new[] { $"t{number:00}" } })));

        var video = (await client.GetFromJsonAsync<JsonElement>("/api/v1/videos?q=c.mp4")).GetProperty("items")[0];
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"t{number:00}"), video.GetProperty("tags").EnumerateArray()
            .Select(tag => tag.GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Markup_in_a_tag_is_text_on_every_page()
    {
        await ChangeAsync(new { paths = new[] { "c.mp4" }, batches = new[] { "批次一" }, add = new[] { "<img src=x onerror=alert(1)>" } });

        foreach (var address in new[] { "/", "/watch/c.mp4", "/?batch=" + Uri.EscapeDataString("批次一"), "/audit" })
        {
            var page = await client.GetStringAsync(address);
            Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
            Assert.Contains("&lt;img src=x", page, StringComparison.Ordinal);
        }
    }

    private async Task<int> ChangeAsync(object change)
    {
        var response = await client.PostAsJsonAsync("/api/v1/tags", change);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("changed").GetInt32();
    }

    private async Task<IReadOnlyList<string>> PathsAsync(string query) =>
        [.. (await client.GetFromJsonAsync<JsonElement>("/api/v1/videos?sort=name&" + query)).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("path").GetString()!)];
}
