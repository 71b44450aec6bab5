using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Library;
using HeyGemExport.Library.Filters;

namespace HeyGemExport.Tests.Data;

/// <summary>What the records of exports, downloads and the audit trail do, whichever engine holds them.</summary>
public abstract class ExportRecordsTests : DatabaseTest
{
    [DatabaseFact]
    public async Task An_export_is_packed_downloaded_listed_and_audited()
    {
        var app = Start(new ExportApp(Folder));
        var clip = app.AddVideo("批次一/课程第01讲.mp4", 200_000);
        using var client = app.CreateClient();

        var export = await app.ExportAsync(client, new { batches = new[] { "批次一" } }, new { checksums = true });
        await using var zip = new ZipArchive(new MemoryStream(await client.GetByteArrayAsync($"/exports/{export.Id()}/download")));

        Assert.Equal("ready", export.State());
        Assert.Equal(clip, await zip.GetEntry("批次一/课程第01讲.mp4")!.BytesAsync());
        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/exports");
        Assert.Equal(1, list.GetProperty("total").GetInt32());
        Assert.Equal(export.Id(), list.GetProperty("items")[0].Id());
        await Eventually.HoldsAsync(async () => (await client.ActionsAsync()).Contains(AuditActions.DownloadFinished));
        Assert.Equal(
            [AuditActions.ExportRequested, AuditActions.ExportStarted, AuditActions.ExportReady, AuditActions.ArchiveSummed,
                AuditActions.DownloadStarted, AuditActions.DownloadFinished],
            await client.ActionsAsync());
        Assert.Contains(export.Id(), await client.GetStringAsync("/audit"), StringComparison.Ordinal);
        Assert.Contains(export.Id(), await client.GetStringAsync("/audit.csv?action=export-ready"), StringComparison.Ordinal);
    }

    [DatabaseFact]
    public async Task A_hundred_confirmations_at_once_make_one_export()
    {
        var app = Start(new ExportApp(Folder));
        app.AddVideo("a.mp4", 1_000_000);
        using var client = app.CreateClient();

        // Connections are there, and the code is compiled.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.PostAsJsonAsync(
            "/api/v1/exports/preview", new { selection = new { all = true } })));

        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.PostExportAsync(client, new { all = true })));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Accepted);
        Assert.Equal(99, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        var ids = await Task.WhenAll(responses.Select(response => response.IdAsync()));
        Assert.Equal("ready", (await ExportApp.EndOfAsync(client, Assert.Single(ids.Distinct()))).State());
        Assert.Equal(99, (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportJoined), default)).Total);
    }

    [DatabaseFact]
    public async Task A_cancelled_export_stays_cancelled_and_its_content_may_be_packed_again()
    {
        var app = Start(new HeldApp(Folder));
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(app, client);

        var first = await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null);
        var second = await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null);
        await app.RunAsync(id);
        var again = await ConfirmAsync(app, client);
        await app.RunAsync(again);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Conflict), (first.StatusCode, second.StatusCode));
        Assert.Equal("cancelled", await client.StateAsync(id));
        Assert.NotEqual(id, again);
        Assert.Equal("ready", await client.StateAsync(again));
    }

    [DatabaseFact]
    public async Task A_failure_is_kept_with_the_files_it_names()
    {
        var app = Start(new HeldApp(Folder));
        app.AddVideo("批次/消失.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(app, client);
        File.Delete(Path.Combine(app.Outputs, "批次", "消失.mp4"));

        await app.RunAsync(id);

        var error = (await app.Get<ExportStore>().FindAsync(id, default))!.Error!;
        Assert.Equal("source-vanished", error.Code);
        Assert.Equal(new FileIssue("批次/消失.mp4", "vanished"), Assert.Single(error.Files!));
    }

    [DatabaseFact]
    public async Task The_contract_survives_a_restart_to_the_last_tick()
    {
        var modified = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1_234_567);
        var before = new HeldApp(Folder);
        Start(before);
        Folder.Write("outputs/批次/'引号\" 与 emoji 😀.mp4", Clips.Mp4(70_000), modified);
        string id;
        using (var client = before.CreateClient())
        {
            id = await ConfirmAsync(before, client, new { query = "引号" });
        }

        await StopAsync(before);
        var after = Start(new HeldApp(Folder));
        var export = (await after.Get<ExportStore>().FindAsync(id, default))!;
        var entry = Assert.Single(await after.Get<ExportStore>().ReadContractAsync(id, default));

        Assert.Equal("引号", export.Selection.Query);
        Assert.Equal(("批次/'引号\" 与 emoji 😀.mp4", 70_000L, new DateTimeOffset(modified)), (entry.Path, entry.Bytes, entry.ModifiedAt));
    }

    [DatabaseFact]
    public async Task A_queued_export_is_run_after_a_restart()
    {
        var before = Start(new HeldApp(Folder));
        before.AddVideo("a.mp4");
        string id;
        using (var client = before.CreateClient())
        {
            id = await ConfirmAsync(before, client);
        }

        await StopAsync(before);
        using var next = Start(new ExportApp(Folder)).CreateClient();

        Assert.Equal("ready", (await ExportApp.EndOfAsync(next, id)).State());
    }

    [DatabaseFact]
    public async Task An_export_whose_worker_died_is_run_again_and_then_ready_once()
    {
        var before = Start(new HeldApp(Folder));
        before.AddVideo("a.mp4");
        string id;
        using (var client = before.CreateClient())
        {
            id = await ConfirmAsync(before, client);
        }

        Assert.True(await before.Get<ExportTransitions>().ClaimAsync(id, default));
        await FallSilentAsync(before, id);
        await StopAsync(before);
        var after = Start(new HeldApp(Folder));
        using var next = after.CreateClient();
        await Eventually.HoldsAsync(async () => await next.StateAsync(id) == "queued");
        await after.RunAsync(id);

        Assert.Equal("ready", await next.StateAsync(id));
        Assert.Equal(2, (await after.Get<ExportStore>().FindAsync(id, default))!.Attempts);
    }

    /// <summary>As if the last heartbeat had been more than a minute ago.</summary>
    protected static Task FallSilentAsync(HeldApp app, string id) => app.Get<Database>().ExecuteAsync(
        "UPDATE exports SET heartbeat_at = heartbeat_at - 70000 WHERE id = @id", new { id }, default);

    [DatabaseFact]
    public async Task A_ready_archive_expires_when_nobody_has_used_it_for_its_time_to_live()
    {
        var before = Start(new ExportApp(Folder));
        before.AddVideo("a.mp4");
        string id;
        using (var client = before.CreateClient())
        {
            id = (await before.ExportAsync(client, new { all = true })).Id();
        }

        await StopAsync(before);
        using var next = Start(new HeldApp(Folder) { Time = new ShiftedTimeProvider(TimeSpan.FromHours(25)) }).CreateClient();

        await Eventually.HoldsAsync(async () => await next.StateAsync(id) == "expired");
        Assert.Equal(HttpStatusCode.Gone, (await next.GetAsync($"/exports/{id}/download")).StatusCode);
        await Eventually.HoldsAsync(async () => (await next.ActionsAsync()).Contains(AuditActions.ExportExpired));
        Assert.Empty(Directory.GetFiles(Folder["temp"], "*.zip*"));
    }

    [DatabaseFact]
    public async Task Connections_of_one_download_add_up_to_one_complete_download()
    {
        var app = Start(new ExportApp(Folder));
        app.AddVideo("a.mp4", 400_000);
        using var client = app.CreateClient();
        var export = (await app.Get<ExportStore>().FindAsync((await app.ExportAsync(client, new { all = true })).Id(), default))!;
        var caller = new Caller("王老师", "192.0.2.7");
        const int Parts = 16;
        var part = export.ArchiveBytes!.Value / Parts + 1;

        var downloads = await Task.WhenAll(Enumerable.Range(0, Parts).Select(index =>
            app.Get<DownloadLedger>()
                .AddAsync(export, export.Parts[0], caller, index * part, Math.Min(part, export.ArchiveBytes.Value - index * part),
                default)));

        Assert.Single(downloads.Select(download => download.Id).Distinct());
        Assert.Equal(export.ArchiveBytes, downloads.Max(download => download.SentBytes));
        Assert.Single(downloads, download => download.Complete);
    }

    [DatabaseFact]
    public async Task A_set_in_parts_is_handed_over_part_by_part_and_then_only_what_is_new_is_packed()
    {
        var app = Start(new ExportApp(Folder));
        app.AddVideo("a.mp4", 100_000, seed: 1);
        app.AddVideo("b.mp4", 100_000, seed: 2);
        using var client = app.CreateClient();
        var set = await app.ExportAsync(client, new { all = true }, new { maxPartBytes = 150_000 });
        foreach (var number in new[] { 1, 2 })
        {
            await client.GetByteArrayAsync($"/exports/{set.Id()}/parts/{number}/download");
        }

        await Eventually.HoldsAsync(
            async () => (await client.ActionsAsync()).Count(action => action == AuditActions.DownloadFinished) == 2);
        app.AddVideo("c.mp4", 100_000, seed: 3);
        var rest = await app.ExportAsync(client, new { all = true, newOnly = true });

        Assert.Equal(2, set.GetProperty("parts").GetArrayLength());
        await using var zip = new ZipArchive(new MemoryStream(await client.GetByteArrayAsync($"/exports/{rest.Id()}/download")));
        Assert.Equal(["c.mp4"], zip.Entries.Select(entry => entry.FullName));
    }

    [DatabaseFact]
    public async Task Tags_and_saved_filters_are_kept_shared_and_never_undone_by_another_host()
    {
        var one = Start(new HeldApp(Folder));
        one.LeaveData();
        var other = Start(new HeldApp(Folder));
        one.AddVideo("b1/a.mp4");
        using var first = one.CreateClient();
        using var second = other.CreateClient();
        await Task.WhenAll(one.Get<LibraryIndex>().RefreshAsync(default), other.Get<LibraryIndex>().RefreshAsync(default));

        var changes = await Task.WhenAll(Enumerable.Range(0, 10).Select(number =>
            (number % 2 == 0 ? first : second).PostAsJsonAsync(
                "/api/v1/tags", new { paths = new[] { "b1/a.mp4" }, batches = new[] { "b1" }, add = new[] { $"标签{number}" } })));
        Assert.All(changes, change => Assert.Equal(HttpStatusCode.OK, change.StatusCode));
        await Task.WhenAll(one.Get<LibraryIndex>().RefreshAsync(default), other.Get<LibraryIndex>().RefreshAsync(default));

        foreach (var app in new[] { one, other })
        {
            Assert.Equal(10, app.Get<LibraryIndex>().Current.Find("b1/a.mp4")!.Tags.Count());
        }

        var filters = one.Get<SavedFilterStore>();
        var terms = new FilterTerms("课程", ["标签1"], "b1", VideoState.Ready, new(DayRangeKind.Range, new(2026, 1, 2)));
        Assert.Equal(SaveFilterResult.Saved, await filters.SaveAsync("anna", " Mine ", terms with { Text = "old" }, default));
        Assert.Equal(SaveFilterResult.Saved, await filters.SaveAsync("anna", "MINE", terms, default));
        Assert.Equal(SaveFilterResult.NameInvalid, await filters.SaveAsync("anna", " ", terms, default));
        var kept = Assert.Single(await other.Get<SavedFilterStore>().ListAsync("anna", default));
        Assert.Equal(
            ("MINE", "课程", "标签1", "b1", VideoState.Ready, terms.Days),
            (kept.Name, kept.Terms.Text, kept.Terms.Tags.Single(), kept.Terms.Batch, kept.Terms.State, kept.Terms.Days));
        Assert.Empty(await filters.ListAsync("bert", default));
        await filters.DeleteAsync("bert", kept.Id, default);
        Assert.Single(await filters.ListAsync("anna", default));
        await filters.DeleteAsync("anna", kept.Id, default);
        Assert.Empty(await filters.ListAsync("anna", default));
    }

    [DatabaseFact]
    public async Task Metadata_is_frozen_with_the_contract()
    {
        var app = Start(new ExportApp(Folder));
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        await app.Get<LibraryIndex>().RefreshAsync(default);
        await client.PostAsJsonAsync("/api/v1/tags", new { paths = new[] { "a.mp4" }, add = new[] { "客户\"A\"" } });

        var export = await app.ExportAsync(client, new { all = true }, new { metadataCsv = true });

        var entry = Assert.Single(await app.Get<ExportStore>().ReadContractAsync(export.Id(), default));
        Assert.Equal(("客户\"A\"", "mp4"), (entry.Metadata!.Tags, entry.Metadata.Container));
        await using var zip = new ZipArchive(new MemoryStream(await client.GetByteArrayAsync($"/exports/{export.Id()}/download")));
        Assert.Equal(["a.mp4", "metadata.csv"], zip.Entries.Select(file => file.FullName));
    }

    protected static async Task<string> ConfirmAsync(ExportApp app, HttpClient client, object? selection = null)
    {
        var response = await app.PostExportAsync(client, selection ?? new { all = true });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await response.IdAsync();
    }
}
