using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Audit;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;

namespace HeyGemExport.Tests.Pages.Ops;

/// <summary>What ops see and do over HTTP.</summary>
public sealed class OpsApiTests : IDisposable
{
    private readonly HeldApp app = new();
    private readonly HttpClient client;

    public OpsApiTests()
    {
        app.AddVideo("a.mp4", 70_000);
        app.AddVideo("b.mp4", 80_000, seed: 2);
        app.AddVideo("c.mp4", 90_000, seed: 3);
        app.AddVideo("d.mp4", 60_000, seed: 4);
        client = app.CreateClient();
    }

    public void Dispose()
    {
        client.Dispose();
        app.Dispose();
    }

    [Fact]
    public async Task The_overview_has_everything_in_its_place()
    {
        var ready = await ConfirmAsync("a.mp4");
        await app.RunAsync(ready);
        var failed = await FailedAsync("b.mp4");
        var running = await ConfirmAsync("c.mp4");
        await app.Get<ExportTransitions>().ClaimAsync(running, default);
        var queued = await ConfirmAsync("d.mp4");

        var ops = await OpsAsync();

        Assert.True(ops.GetProperty("recordsAreKnown").GetBoolean());
        var waiting = Assert.Single(ops.GetProperty("queue").EnumerateArray());
        Assert.Equal((1, queued), (waiting.GetProperty("position").GetInt32(), Id(waiting)));
        Assert.Equal(
            waiting.GetProperty("export").GetProperty("createdAt").GetDateTimeOffset(),
            waiting.GetProperty("waitingSince").GetDateTimeOffset());
        var packing = Assert.Single(ops.GetProperty("running").EnumerateArray());
        Assert.Equal((running, app.Get<ExportTransitions>().Node), (Id(packing), packing.GetProperty("worker").GetString()));
        var unsuccessful = Assert.Single(ops.GetProperty("unsuccessful").EnumerateArray());
        Assert.Equal(
            (failed, "source-vanished"),
            (unsuccessful.GetProperty("id").GetString(), unsuccessful.GetProperty("error").GetProperty("code").GetString()));
        var archive = Assert.Single(ops.GetProperty("archives").EnumerateArray());
        Assert.Equal(
            (ready, 0, true), (Id(archive), archive.GetProperty("downloads").GetInt32(), archive.GetProperty("isHere").GetBoolean()));
        var space = ops.GetProperty("space");
        Assert.Equal(new FileInfo(app.TempFiles.Single()).Length, space.GetProperty("archiveBytes").GetInt64());
        Assert.True(space.GetProperty("promisedBytes").GetInt64() >= 60_000);
        Assert.Equal(app.Temp, space.GetProperty("temp").GetProperty("path").GetString());
        Assert.InRange(
            space.GetProperty("temp").GetProperty("freeBytes").GetInt64(), 1,
            space.GetProperty("temp").GetProperty("totalBytes").GetInt64());
        Assert.Equal(app.Get<JobEngine>().Name, ops.GetProperty("engine").GetProperty("name").GetString());
        Assert.True(ops.GetProperty("engine").GetProperty("isRunning").GetBoolean());
        Assert.Equal("SQLite", ops.GetProperty("versions").GetProperty("database").GetString());
        Assert.Equal(
            ["outputs", "temp", "data", "logs", "space", "database", "archives", "engine"],
            ops.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_retried_export_waits_again_from_the_time_of_the_retry()
    {
        var failed = await FailedAsync("b.mp4");
        var ended = TimeProvider.System.GetUtcNow();
        app.AddVideo("b.mp4", 80_000, seed: 2);

        using var response = await client.PostAsync($"/api/v1/exports/{failed}/retry", content: null);

        Assert.Equal((HttpStatusCode.Accepted, $"/api/v1/exports/{failed}"), (response.StatusCode, response.Headers.Location?.ToString()));
        var waiting = Assert.Single((await OpsAsync()).GetProperty("queue").EnumerateArray());
        Assert.InRange(waiting.GetProperty("waitingSince").GetDateTimeOffset(), ended.AddSeconds(-1), TimeProvider.System.GetUtcNow());
        await AssertAuditedAsync(AuditActions.ExportRetried, failed);
    }

    [Fact]
    public async Task A_retry_of_content_that_is_live_names_the_live_export()
    {
        var cancelled = await ConfirmAsync("a.mp4");
        await client.PostAsync($"/api/v1/exports/{cancelled}/cancel", content: null);
        var live = await ConfirmAsync("a.mp4");

        using var response = await client.PostAsync($"/api/v1/exports/{cancelled}/retry", content: null);

        var problem = await AssertProblemAsync(response, HttpStatusCode.Conflict, "already-packed");
        Assert.Equal(live, problem.GetProperty("exportId").GetString());
        Assert.Contains(live, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_export_is_gone_with_its_contract_and_the_audit_trail_stays()
    {
        var failed = await FailedAsync("b.mp4");

        using var response = await client.DeleteAsync($"/api/v1/exports/{failed}");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/exports/{failed}")).StatusCode);
        Assert.Empty(await app.Get<ExportStore>().ReadContractAsync(failed, default));
        await AssertAuditedAsync(AuditActions.ExportDeleted, failed);
        await AssertAuditedAsync(AuditActions.ExportFailed, failed);
    }

    [Fact]
    public async Task What_was_handed_over_stays_on_record()
    {
        var id = await ConfirmAsync("a.mp4");
        using var queued = await client.DeleteAsync($"/api/v1/exports/{id}");
        await AssertProblemAsync(queued, HttpStatusCode.Conflict, "not-deletable");
        await app.RunAsync(id);
        using var ready = await client.DeleteAsync($"/api/v1/exports/{id}");
        await AssertProblemAsync(ready, HttpStatusCode.Conflict, "not-deletable");
        await client.PostAsync($"/api/v1/exports/{id}/remove", content: null);
        using var expired = await client.DeleteAsync($"/api/v1/exports/{id}");
        await AssertProblemAsync(expired, HttpStatusCode.Conflict, "not-deletable");
    }

    [Fact]
    public async Task A_removed_archive_frees_its_space_and_expires()
    {
        var id = await ConfirmAsync("a.mp4");
        await app.RunAsync(id);

        using var response = await client.PostAsync($"/api/v1/exports/{id}/remove", content: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("expired", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("state").GetString());
        Assert.Empty(app.TempFiles);
        Assert.Equal(HttpStatusCode.Gone, (await client.GetAsync($"/exports/{id}/download")).StatusCode);
        await AssertAuditedAsync(AuditActions.ArchiveRemoved, id);
        using var again = await client.PostAsync($"/api/v1/exports/{id}/remove", content: null);
        await AssertProblemAsync(again, HttpStatusCode.Conflict, "no-archive");
    }

    [Fact]
    public async Task An_archive_is_not_removed_under_a_download()
    {
        Clips.WriteSparseMp4(Path.Combine(app.Outputs, "large.mp4"), 64 << 20);

        // Stored: more than the sockets in between take, so that the server waits for the reader.
        var id = await ConfirmAsync("large.mp4", new { compression = "store" });
        await app.RunAsync(id);
        using (var download = await client.GetAsync($"/exports/{id}/download", HttpCompletionOption.ResponseHeadersRead))
        {
            using var response = await client.PostAsync($"/api/v1/exports/{id}/remove", content: null);
            await AssertProblemAsync(response, HttpStatusCode.Conflict, "archive-in-use");
            Assert.Equal(1, Assert.Single((await OpsAsync()).GetProperty("archives").EnumerateArray()).GetProperty("downloads").GetInt32());
            Assert.Single(app.TempFiles);
        }

        await Eventually.HoldsAsync(
            async () => (await client.PostAsync($"/api/v1/exports/{id}/remove", content: null)).StatusCode == HttpStatusCode.OK);
        Assert.Empty(app.TempFiles);
    }

    [Theory]
    [InlineData("POST", "/retry")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/remove")]
    public async Task Nothing_is_done_for_another_site_nor_to_what_is_not_there(string method, string route)
    {
        using var unknown = await client.SendAsync(new HttpRequestMessage(new(method), "/api/v1/exports/aaaaaaaaaaaa" + route));
        await AssertProblemAsync(unknown, HttpStatusCode.NotFound, "not-found");
        using var odd = await client.SendAsync(new HttpRequestMessage(new(method), "/api/v1/exports/%2e%2e%2fdata" + route));
        Assert.Equal(HttpStatusCode.NotFound, odd.StatusCode);
        var id = await FailedAsync("b.mp4");
        using var foreign = new HttpRequestMessage(
            new(method), $"/api/v1/exports/{id}{route}") { Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        using var refused = await client.SendAsync(foreign);
        await AssertProblemAsync(refused, HttpStatusCode.Forbidden, "cross-site");
        Assert.Equal(ExportState.Failed, (await app.Get<ExportService>().FindAsync(id, default))!.State);
    }

    [Fact]
    public async Task The_document_describes_it()
    {
        var paths = (await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");

        Assert.True(paths.GetProperty("/api/v1/ops").TryGetProperty("get", out _));
        Assert.True(paths.GetProperty("/api/v1/exports/{id}/retry").TryGetProperty("post", out _));
        Assert.True(paths.GetProperty("/api/v1/exports/{id}/remove").TryGetProperty("post", out _));
        Assert.True(paths.GetProperty("/api/v1/exports/{id}").TryGetProperty("delete", out _));
    }

    private static string Id(JsonElement entry) => entry.GetProperty("export").GetProperty("id").GetString()!;

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }

    private Task<JsonElement> OpsAsync() => client.GetFromJsonAsync<JsonElement>("/api/v1/ops");

    private async Task AssertAuditedAsync(string action, string id)
    {
        var found = await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: action), default);
        Assert.Equal(id, Assert.Single(found.Items).ExportId);
    }

    private async Task<string> FailedAsync(string path)
    {
        var id = await ConfirmAsync(path);
        File.Delete(Path.Combine(app.Outputs, path));
        await app.RunAsync(id);
        return id;
    }

    private async Task<string> ConfirmAsync(string path, object? options = null)
    {
        var response = await app.PostExportAsync(client, new { paths = new[] { path } }, options);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
