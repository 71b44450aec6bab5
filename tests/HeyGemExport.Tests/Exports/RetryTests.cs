using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Exports;

/// <summary>An export that failed or was cancelled is the same export again, with the contract that was confirmed.</summary>
public sealed class RetryTests : IDisposable
{
    private static readonly Caller Ops = new("ops", "192.0.2.1") { SeesAllExports = true };

    private readonly HeldApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_failed_export_is_packed_once_its_source_is_what_was_promised()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);
        var (source, aside) = (Path.Combine(app.Outputs, "a.mp4"), app.Folder["aside.mp4"]);
        File.Move(source, aside);
        await app.RunAsync(id);
        Assert.Equal(ExportState.Failed, (await FindAsync(id)).State);
        File.Move(aside, source);

        var queued = Assert.IsType<RetryExportResult.Queued>(await RetryAsync(id)).Export;
        Assert.Equal((ExportState.Queued, null, null, null), (queued.State, queued.Error, queued.StartedAt, queued.FinishedAt));
        await app.RunAsync(id);

        Assert.Equal(ExportState.Ready, (await FindAsync(id)).State);
        Assert.Single(app.TempFiles);
        var retried =
            Assert.Single((await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportRetried), default)).Items);
        Assert.Equal((id, "ops", "192.0.2.1", "after source-vanished"), (retried.ExportId, retried.Who, retried.From, retried.Detail));
    }

    [Fact]
    public async Task A_source_that_changed_fails_it_again_by_name()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);
        await app.Get<ExportService>().CancelAsync(id, Ops, default);
        await File.AppendAllTextAsync(Path.Combine(app.Outputs, "a.mp4"), "more");

        Assert.IsType<RetryExportResult.Queued>(await RetryAsync(id));
        await app.RunAsync(id);

        var export = await FindAsync(id);
        Assert.Equal((ExportState.Failed, "source-changed"), (export.State, export.Error?.Code));
        Assert.Equal("a.mp4", Assert.Single(export.Error!.Files!).Path);
    }

    [Fact]
    public async Task The_same_content_in_another_live_export_is_named_instead()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var cancelled = await ConfirmAsync(client);
        await app.Get<ExportService>().CancelAsync(cancelled, Ops, default);
        var live = await ConfirmAsync(client);

        var outcome = await RetryAsync(cancelled);

        Assert.Equal(live, Assert.IsType<RetryExportResult.AlreadyLive>(outcome).Live.Id);
        Assert.Equal(ExportState.Cancelled, (await FindAsync(cancelled)).State);
    }

    [Fact]
    public async Task Of_many_who_retry_at_once_one_does()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var (first, second) = (await CancelledAsync(client), await CancelledAsync(client));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => RetryAsync(index % 2 == 0 ? first : second)));

        Assert.Single(outcomes.OfType<RetryExportResult.Queued>());
        Assert.Single((await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportRetried), default)).Items);
    }

    [Fact]
    public async Task What_waits_runs_or_is_ready_is_left_alone()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);

        Assert.IsType<RetryExportResult.NotRetryable>(await RetryAsync(id));
        await app.RunAsync(id);
        Assert.IsType<RetryExportResult.NotRetryable>(await RetryAsync(id));
        Assert.IsType<RetryExportResult.NotFound>(await RetryAsync("aaaaaaaaaaaa"));
        Assert.Equal(ExportState.Ready, (await FindAsync(id)).State);
    }

    [Fact]
    public async Task An_export_begun_too_often_may_be_tried_anew()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = await ConfirmAsync(client);
        for (var attempt = 0; attempt < ExportTransitions.MaxAttempts; attempt++)
        {
            await app.DieInAsync(id);
        }

        await app.RunAsync(id);
        Assert.Equal("interrupted", (await FindAsync(id)).Error?.Code);

        Assert.IsType<RetryExportResult.Queued>(await RetryAsync(id));
        await app.RunAsync(id);

        Assert.Equal(ExportState.Ready, (await FindAsync(id)).State);
    }

    private Task<RetryExportResult> RetryAsync(string id) => app.Get<ExportService>().RetryAsync(id, Ops, default);

    private async Task<Export> FindAsync(string id) => (await app.Get<ExportService>().FindAsync(id, default))!;

    private async Task<string> CancelledAsync(HttpClient client)
    {
        var id = await ConfirmAsync(client);
        await app.Get<ExportService>().CancelAsync(id, Ops, default);
        return id;
    }

    private async Task<string> ConfirmAsync(HttpClient client)
    {
        var response = await app.PostExportAsync(client, new { all = true });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
