using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Audit;
using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Exports;

/// <summary>What a person, the run log and the audit trail are told when packing goes wrong, and that nothing is left behind.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly HeldApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_video_that_vanished_after_the_confirmation_fails_the_export_and_is_named()
    {
        app.AddVideo("stays.mp4");
        app.AddVideo("批次/消失.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);
        File.Delete(Path.Combine(app.Outputs, "批次", "消失.mp4"));

        var export = await RunAsync(client, id);

        AssertFailed(export, "source-vanished", "批次/消失.mp4", "vanished");
        Assert.Contains("[ERROR] 打包失败: ", await ReadRunLogAsync(), StringComparison.Ordinal);
        Assert.Contains("批次/消失.mp4", await ReadRunLogAsync(), StringComparison.Ordinal);
        Assert.Empty(app.TempFiles);
        var audit = await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportFailed), CancellationToken.None);
        Assert.Equal((id, "failed"), (Assert.Single(audit.Items).ExportId, audit.Items[0].Outcome));
    }

    [Fact]
    public async Task Every_video_that_is_not_what_was_confirmed_is_named()
    {
        app.AddVideo("a.mp4");
        app.AddVideo("b.mp4");
        app.AddVideo("c.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);
        File.Delete(Path.Combine(app.Outputs, "a.mp4"));
        await File.AppendAllTextAsync(Path.Combine(app.Outputs, "c.mp4"), "more");

        var export = await RunAsync(client, id);

        Assert.Equal("source-changed", export.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(["a.mp4 vanished", "c.mp4 changed"], Files(export));
        Assert.Empty(app.TempFiles);
    }

    [Fact]
    public async Task A_video_that_was_swapped_for_a_link_is_never_packed()
    {
        app.AddVideo("a.mp4", 64 * 1024);
        app.Folder.Write("secret.mp4", Clips.Mp4(64 * 1024), new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc));
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);
        File.Delete(Path.Combine(app.Outputs, "a.mp4"));
        File.CreateSymbolicLink(Path.Combine(app.Outputs, "a.mp4"), app.Folder["secret.mp4"]);

        var export = await RunAsync(client, id);

        Assert.Equal("failed", export.GetProperty("state").GetString());
        Assert.Equal(["a.mp4 link"], Files(export));
        Assert.Empty(app.TempFiles);
    }

    [Fact]
    public async Task A_temp_folder_that_cannot_be_written_fails_the_export_with_a_remedy_and_the_next_one_works()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);
        Directory.Delete(app.Temp, recursive: true);
        await File.WriteAllTextAsync(app.Temp, "a file where a folder should be");

        var export = await RunAsync(client, id);
        File.Delete(app.Temp);
        var next = await RunAsync(client, await ConfirmAsync(client));

        Assert.Equal("temp-unwritable", export.GetProperty("error").GetProperty("code").GetString());
        Assert.NotEqual(export.GetProperty("error").GetProperty("remedy").GetString(), export.GetProperty("error").GetProperty("message")
            .GetString());
        Assert.Equal("ready", next.GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_error_is_in_the_language_of_whoever_asks()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);
        File.Delete(Path.Combine(app.Outputs, "a.mp4"));
        await RunAsync(client, id);

        var messages = new List<string>();
        foreach (var language in new[] { "zh-CN", "en" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/exports/{id}");
            request.Headers.AcceptLanguage.ParseAdd(language);
            var export = await (await client.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();
            messages.Add(export.GetProperty("error").GetProperty("message").GetString()!);
        }

        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", messages[0]);
        Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}", messages[1]);
    }

    [Fact]
    public async Task A_cancelled_export_leaves_no_archive_and_is_never_run()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);

        var cancelled = await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null);
        var again = await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null);
        var export = await RunAsync(client, id);

        Assert.Equal(202, (int)cancelled.StatusCode);
        Assert.Equal(409, (int)again.StatusCode);
        Assert.Equal("already-finished", (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal("cancelled", export.GetProperty("state").GetString());
        Assert.Empty(app.TempFiles);
    }

    [Fact]
    public async Task An_archive_that_is_not_ready_is_not_handed_over()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);

        var response = await client.GetAsync($"/exports/{id}/download");

        Assert.Equal(409, (int)response.StatusCode);
        Assert.Equal("not-ready", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_export_that_takes_the_process_down_each_time_is_given_up()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);
        for (var attempt = 0; attempt < ExportTransitions.MaxAttempts; attempt++)
        {
            await app.DieInAsync(id);
        }

        Assert.Equal("interrupted", (await RunAsync(client, id)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_job_that_the_engine_delivers_twice_runs_once()
    {
        app.AddVideo("a.mp4", 5_000_000);
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Get<ExportJob>().RunAsync(id, CancellationToken.None)));
        await app.Get<ArchiveCompletion>().RunAsync(CancellationToken.None);

        var audit = await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportStarted), CancellationToken.None);
        Assert.Single(audit.Items);
        Assert.Equal("ready", (await ExportApp.EndOfAsync(client, id)).GetProperty("state").GetString());
    }

    private async Task<string> ConfirmAsync(HttpClient client) =>
        (await (await app.PostExportAsync(client, new { all = true })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id")
            .GetString()!;

    private async Task<JsonElement> RunAsync(HttpClient client, string id)
    {
        await app.RunAsync(id);
        return await ExportApp.EndOfAsync(client, id);
    }

    private async Task<string> ReadRunLogAsync()
    {
        await using var log = new FileStream(app.RunLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(log);
        return await reader.ReadToEndAsync();
    }

    private static string[] Files(JsonElement export) =>
        [.. export.GetProperty("error").GetProperty("files").EnumerateArray()
            .Select(file => $"{file.GetProperty("path").GetString()} {file.GetProperty("reason").GetString()}")];

    private static void AssertFailed(JsonElement export, string code, string path, string reason)
    {
        Assert.Equal("failed", export.GetProperty("state").GetString());
        Assert.Equal(code, export.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal([$"{path} {reason}"], Files(export));
    }
}
