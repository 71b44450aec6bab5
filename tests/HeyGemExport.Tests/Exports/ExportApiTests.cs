using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace HeyGemExport.Tests.Exports;

public sealed class ExportApiTests : IDisposable
{
    private readonly ExportApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Packs_everything_and_hands_it_over_byte_for_byte()
    {
        var one = app.AddVideo("batch_20251219_1423/课程第01讲_王老师.mp4", 300_000, seed: 1);
        var two = app.AddVideo("speech_portrait_generated.mp4", 5_000, seed: 2);
        using var client = app.CreateClient();

        var export = await app.ExportAsync(client, new { all = true });

        Assert.Equal("ready", export.State());
        Assert.Equal(2, export.GetProperty("doneFiles").GetInt32());
        Assert.Matches(@"^heygem_batch_result_\d{8}_\d{4}_[a-z2-7]{12}\.zip$", export.GetProperty("archiveName").GetString()!);
        await using var zip = new ZipArchive(await client.GetStreamAsync(export.GetProperty("downloadUrl").GetString()));
        Assert.Equal(["batch_20251219_1423/课程第01讲_王老师.mp4", "speech_portrait_generated.mp4"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal(one, await zip.Entries[0].BytesAsync());
        Assert.Equal(two, await zip.Entries[1].BytesAsync());
    }

    [Fact]
    public async Task Previews_without_packing_anything()
    {
        app.AddVideo("a.mp4", 10_000);
        app.Folder.Write("outputs/cut.mp4", Clips.Mp4()[..1000], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var client = app.CreateClient();

        var preview = await ReadAsync(await client.PostAsJsonAsync("/api/v1/exports/preview", new { selection = new { all = true } }));

        Assert.Equal(1, preview.GetProperty("fileCount").GetInt32());
        Assert.Equal(10_000, preview.GetProperty("totalBytes").GetInt64());
        Assert.Equal("cut.mp4", preview.GetProperty("leftOut")[0].GetProperty("path").GetString());
        Assert.Equal("broken", preview.GetProperty("leftOut")[0].GetProperty("reason").GetString());
        Assert.InRange(preview.GetProperty("requiredTempBytes").GetInt64(), 10_000, preview.GetProperty("freeTempBytes").GetInt64());
        Assert.Empty(app.TempFiles);
        Assert.Equal(0, (await client.GetFromJsonAsync<JsonElement>("/api/v1/exports")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Accepts_with_the_place_of_the_export()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();

        var response = await app.PostExportAsync(client, new { paths = new[] { "a.mp4" } });
        var export = await ReadAsync(response);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal($"/api/v1/exports/{export.GetProperty("id").GetString()}", response.Headers.Location?.OriginalString);
        await ExportApp.EndOfAsync(client, export.Id());
    }

    [Fact]
    public async Task A_hundred_confirmations_at_once_make_one_export_and_one_archive()
    {
        app.AddVideo("a.mp4", 2_000_000);
        using var client = app.CreateClient();

        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.PostExportAsync(client, new { all = true })));
        var ids = await Task.WhenAll(responses.Select(async response => (await ReadAsync(response)).Id()));

        var id = Assert.Single(ids.Distinct());
        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Accepted);
        Assert.Equal(99, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        Assert.Equal("ready", (await ExportApp.EndOfAsync(client, id)).State());
        Assert.Single(app.TempFiles);
    }

    [Fact]
    public async Task Serves_the_same_archive_for_the_same_content_and_a_new_one_when_a_file_changed()
    {
        app.AddVideo("a.mp4", 10_000, seed: 1);
        using var client = app.CreateClient();
        var first = await app.ExportAsync(client, new { all = true });

        var again = await app.ExportAsync(client, new { batches = new[] { "." } });
        app.AddVideo("a.mp4", 10_001, seed: 2);
        var changed = await app.ExportAsync(client, new { all = true });

        Assert.Equal(first.Id(), again.Id());
        Assert.NotEqual(first.Id(), changed.Id());
        Assert.NotEqual(first.GetProperty("archiveSha256").GetString(), changed.GetProperty("archiveSha256").GetString());
    }

    [Fact]
    public async Task Packs_anew_when_somebody_removed_the_ready_archive_by_hand()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var first = await app.ExportAsync(client, new { all = true });
        File.Delete(Assert.Single(app.TempFiles));

        var second = await app.ExportAsync(client, new { all = true });

        Assert.NotEqual(first.Id(), second.Id());
        Assert.Equal("ready", second.State());
        Assert.Equal("expired", (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{first.Id()}")).State());
    }

    [Fact]
    public async Task Unites_the_parts_of_a_selection_and_leaves_the_rest_alone()
    {
        app.AddVideo("批次一/a.mp4");
        app.AddVideo("批次二/b.mp4");
        app.AddVideo("批次三/c.mp4");
        app.AddVideo("d 报告.mp4");
        app.AddVideo("e.mp4");
        using var client = app.CreateClient();

        var export = await app.ExportAsync(client, new { batches = new[] { "批次一" }, paths = new[] { "批次二/b.mp4" }, query = "报告" });

        await using var zip = new ZipArchive(await client.GetStreamAsync(export.GetProperty("downloadUrl").GetString()));
        Assert.Equal(["d 报告.mp4", "批次一/a.mp4", "批次二/b.mp4"], zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "selection": {} }""", 422, "nothing-selected")]
    [InlineData("""{ "selection": { "batches": ["no such batch"] } }""", 422, "nothing-selected")]
    [InlineData("""{ "selection": { "paths": ["gone.mp4"] } }""", 422, "not-packable")]
    [InlineData("""{ "selection": { "paths": ["../secret.mp4"] } }""", 422, "not-packable")]
    [InlineData("""{ "selection": { "paths": ["/etc/passwd"] } }""", 422, "not-packable")]
    [InlineData("""{ "selection": { "all": true }, "options": { "maxPartBytes": 0 } }""", 400, "bad-request")]
    [InlineData("""{ "selection": { "all": true }, "options": { "compresion": "store" } }""", 400, "bad-request")]
    [InlineData("""{ "selection": { "all": true }, "options": { "compression": "brotli" } }""", 400, "bad-request")]
    [InlineData("""{ "options": {} }""", 400, "bad-request")]
    [InlineData("""{ "selection": { "paths": [null] } }""", 400, "bad-request")]
    [InlineData("null", 400, "bad-request")]
    [InlineData("{ not json", 400, "bad-request")]
    public async Task Refuses_with_a_problem_and_a_stable_code(string body, int status, string code)
    {
        app.AddVideo("a.mp4");
        app.Folder.Write("secret.mp4", Clips.Mp4());
        using var client = app.CreateClient();

        var response = await client.PostAsync("/api/v1/exports", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, (await ReadAsync(response)).GetProperty("code").GetString());
        Assert.Empty(app.TempFiles);
    }

    [Fact]
    public async Task Names_each_path_that_cannot_be_packed()
    {
        app.AddVideo("good.mp4");
        app.Folder.Write("outputs/cut.mp4", Clips.Mp4()[..1000], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var client = app.CreateClient();

        var problem = await ReadAsync(await app.PostExportAsync(client, new { paths = new[] { "good.mp4", "cut.mp4", "gone.mp4" } }));

        Assert.Equal(
            ["cut.mp4 broken", "gone.mp4 not-found"],
            problem.GetProperty("files").EnumerateArray().Select(
                file => $"{file.GetProperty("path").GetString()} {file.GetProperty("reason").GetString()}"));
    }

    [Fact]
    public async Task Takes_a_broken_video_only_when_asked_to()
    {
        app.AddVideo("good.mp4");
        app.Folder.Write("outputs/cut.mp4", Clips.Mp4()[..1000], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var client = app.CreateClient();

        var without = await app.ExportAsync(client, new { all = true });
        var with = await app.ExportAsync(client, new { all = true }, new { includeBroken = true });

        Assert.Equal(1, without.GetProperty("fileCount").GetInt32());
        Assert.Equal(2, with.GetProperty("fileCount").GetInt32());
    }

    [Fact]
    public async Task Refuses_what_does_not_fit_under_the_cap_and_says_how_much_is_needed()
    {
        app.Settings["Exports:MaxTempBytes"] = "100000";
        app.AddVideo("a.mp4", 200_000);
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");

        var response = await app.PostExportAsync(client, new { all = true });

        Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
        var problem = await ReadAsync(response);
        Assert.Equal("not-enough-space", problem.GetProperty("code").GetString());
        Assert.Contains("200", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_no_archive_when_cancelled_in_the_middle()
    {
        Clips.WriteSparseMp4(Path.Combine(app.Outputs, "large.mp4"), 3L << 30);
        using var client = app.CreateClient();
        var id = (await ReadAsync(await app.PostExportAsync(client, new { all = true }, new { compression = "deflate" }))).Id();
        await Eventually.HoldsAsync(async () => (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}"))
            .GetProperty("doneBytes").GetInt64() > 0);

        var response = await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("cancelled", (await ExportApp.EndOfAsync(client, id)).State());
        await Eventually.HoldsAsync(() => app.TempFiles.Length == 0);
        File.Delete(Path.Combine(app.Outputs, "large.mp4"));
        app.AddVideo("small.mp4");
        Assert.Equal("ready", (await app.ExportAsync(client, new { all = true })).State());
    }

    [Fact]
    public async Task Answers_404_for_an_unknown_id_on_every_route()
    {
        using var client = app.CreateClient();
        foreach (var id in new[] { "aaaaaaaaaaaa", "..%2f..%2fetc", "A", "aaaaaaaaaaaa%0a" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/exports/{id}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/exports/{id}/events")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/exports/{id}/download")).StatusCode);
        }
    }

    [Fact]
    public async Task Refuses_a_change_that_comes_from_a_page_of_another_site()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal(HttpStatusCode.Forbidden, (await app.PostExportAsync(client, new { all = true })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/exports")).StatusCode);
    }

    [Fact]
    public async Task Describes_itself_as_OpenAPI()
    {
        using var client = app.CreateClient();

        var paths = (await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .Select(path => path.Name).ToList();

        Assert.Superset(
            new HashSet<string>(
                ["/api/v1/videos", "/api/v1/exports", "/api/v1/exports/preview", "/api/v1/exports/{id}", "/api/v1/exports/{id}/events",
                "/api/v1/exports/{id}/cancel", "/exports/{id}/download", "/api/v1/audit"], StringComparer.Ordinal),
            paths.Select(path => path.TrimEnd('/')).ToHashSet(StringComparer.Ordinal));
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>();
}
