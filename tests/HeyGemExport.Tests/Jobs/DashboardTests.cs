using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hangfire;
using Hangfire.Storage;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Tests.Pages;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace HeyGemExport.Tests.Jobs;

/// <summary>Hangfire's dashboard: whom it lets in, and that the app and it tell of an export the same.</summary>
public sealed class DashboardTests : IDisposable
{
    private readonly GatedApp app = new();

    private IMonitoringApi Hangfire => app.Get<JobStorage>().GetMonitoringApi();

    public void Dispose() => app.Dispose();

    [Fact]
    public void Every_request_to_it_asks_for_an_operator()
    {
        using var client = app.CreateClient();
        var dashboard = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(
            endpoint => endpoint.RoutePattern.RawText!.Contains("hangfire", StringComparison.Ordinal));

        Assert.Equal(
            [Policies.Operator], Assert.Single(dashboard).Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy));
    }

    [Fact]
    public async Task It_is_titled_linked_both_ways_and_shows_no_connection_string()
    {
        using var visitor = await PageVisitor.OfAsync(app);

        var home = await visitor.OpenAsync("/");
        var dashboard = await visitor.OpenAsync("/hangfire");

        Assert.Equal("任务面板", home.QuerySelector("nav a[href='/hangfire']")?.TextContent);
        Assert.EndsWith("HeyGem Export", dashboard.Title, StringComparison.Ordinal);
        Assert.NotNull(dashboard.QuerySelector(".navbar-right a[href='/']"));
        Assert.DoesNotContain("Storage:", dashboard.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("In-Memory", dashboard.Body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_its_own_pages_may_carry_style_attributes_and_none_may_carry_scripts()
    {
        using var client = app.CreateClient();

        var dashboard = await PolicyAsync("/hangfire");

        Assert.Contains("default-src 'self'", dashboard, StringComparison.Ordinal);
        Assert.EndsWith("; style-src 'self'; style-src-attr 'unsafe-inline'", dashboard, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", dashboard, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", await PolicyAsync("/"), StringComparison.Ordinal);

        async Task<string> PolicyAsync(string path) =>
            Assert.Single((await client.GetAsync(path)).Headers.GetValues("Content-Security-Policy"));
    }

    [Fact]
    public async Task A_command_without_the_pages_token_is_refused()
    {
        using var client = app.CreateClient();
        var id = await BuildingAsync(client);

        var answer = await client.PostAsync(
            $"/hangfire/jobs/actions/delete/{Assert.Single(Hangfire.ProcessingJobs(0, 10)).Key}", content: null);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("building", await StateAsync(client, id));
    }

    [Fact]
    public async Task A_job_carries_the_exports_id_and_nothing_else()
    {
        using var client = app.CreateClient();
        var id = await BuildingAsync(client);

        var arguments = Assert.Single(Hangfire.ProcessingJobs(0, 10)).Value.Job.Args;
        Assert.Equal(id, Assert.Single(arguments, argument => argument is not CancellationToken));
    }

    [Fact]
    public async Task Deleting_a_running_job_cancels_its_export_and_queueing_it_again_retries_it()
    {
        using var client = app.CreateClient();
        var id = await BuildingAsync(client);
        var job = Assert.Single(Hangfire.ProcessingJobs(0, 10)).Key;

        await client.PressAsync("delete", job);
        var deleted = await StateAsync(client, id);
        await client.PressAsync("requeue", job);
        var requeued = await StateAsync(client, id);

        app.Open();

        Assert.Equal("cancelled", deleted);
        Assert.Contains(requeued, (string[])["queued", "building"]);
        Assert.Equal("ready", await EndAsync(client, id));
        // The record is ready a moment before the job ends.
        await Eventually.HoldsAsync(() => Hangfire.SucceededJobs(0, 10).Any(succeeded => succeeded.Key == job));
        var changes = (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(), default)).Items
            .Where(record => record.Action is AuditActions.ExportCancelled or AuditActions.ExportRetried)
            .Select(record => (record.Action, record.Who, record.From, record.ExportId!));
        Assert.Equal(
            [(AuditActions.ExportRetried, "anonymous", "127.0.0.1", id), (AuditActions.ExportCancelled, "anonymous", "127.0.0.1", id)],
            changes);
    }

    [Fact]
    public async Task Queueing_a_running_job_again_begins_it_anew()
    {
        using var client = app.CreateClient();
        var id = await BuildingAsync(client);

        await client.PressAsync("requeue", Assert.Single(Hangfire.ProcessingJobs(0, 10)).Key);
        app.Open();

        Assert.Equal("ready", await EndAsync(client, id));
        var starts = (await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportStarted), default)).Items;
        Assert.Equal([id, id], starts.Select(record => record.ExportId));
    }

    [Fact]
    public async Task An_export_that_is_cancelled_in_the_app_is_deleted_there()
    {
        using var client = app.CreateClient();
        var id = await BuildingAsync(client);

        await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null);

        Assert.Equal(id, Assert.Single(Hangfire.DeletedJobs(0, 10)).Value.Job.Args[0]);
    }

    [Fact]
    public async Task An_export_that_failed_is_red_there_with_its_reason_and_can_be_queued_again()
    {
        app.AddVideo("large.mp4");
        app.AddVideo("lost/a.mp4");
        using var client = app.CreateClient();
        await ConfirmAsync(client, new { paths = new[] { "large.mp4" } });
        var id = await ConfirmAsync(client, new { batches = new[] { "lost" } });
        var path = Path.Combine(app.Outputs, "lost", "a.mp4");
        var away = app.Folder["away.mp4"];
        File.Move(path, away);
        app.Open();
        Assert.Equal("failed", await EndAsync(client, id));

        // The record has failed a moment before the job ends.
        await Eventually.HoldsAsync(() => Hangfire.FailedCount() == 1);
        var failed = Assert.Single(Hangfire.FailedJobs(0, 10));
        Assert.Contains("lost/a.mp4", failed.Value.ExceptionMessage, StringComparison.Ordinal);
        Assert.Equal(0, Hangfire.ScheduledCount());

        File.Move(away, path);
        await client.PressAsync("requeue", failed.Key);
        Assert.Equal("ready", await EndAsync(client, id));
        Assert.Equal(0, Hangfire.FailedCount());
    }

    [Fact]
    public async Task A_job_whose_content_another_export_packs_is_not_run_again_and_says_so()
    {
        using var client = app.CreateClient();
        var id = await BuildingAsync(client);
        var job = Assert.Single(Hangfire.ProcessingJobs(0, 10)).Key;
        await client.PostAsync($"/api/v1/exports/{id}/cancel", content: null);
        var twin = await ConfirmAsync(client, new { all = true });

        await client.PressAsync("requeue", job, HttpStatusCode.UnprocessableEntity);

        var failed = Assert.Single(Hangfire.FailedJobs(0, 10));
        Assert.Equal(job, failed.Key);
        Assert.Contains(twin, failed.Value.Reason, StringComparison.Ordinal);
        Assert.Equal("cancelled", await StateAsync(client, id));
    }

    [Fact]
    public async Task A_job_is_named_after_what_it_does_and_its_page_shows_how_far_it_is_and_leads_to_the_export()
    {
        using var client = app.CreateClient();
        var id = await BuildingAsync(client);
        var job = Assert.Single(Hangfire.ProcessingJobs(0, 10)).Key;
        using var visitor = await PageVisitor.OfAsync(app);

        var list = await visitor.OpenAsync("/hangfire/jobs/processing");
        var page = await visitor.OpenAsync($"/hangfire/jobs/details/{job}");

        Assert.Contains("打包 heygem_batch_result_", list.Body!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith(
            "打包 heygem_batch_result_", page.QuerySelector($"#record a[href='/exports/{id}']")?.TextContent, StringComparison.Ordinal);
        Assert.Equal("0%", page.QuerySelector("#record .progress-bar")?.TextContent);
    }

    [Fact]
    public async Task Work_that_recurs_is_listed_where_it_is_needed_and_done_once_at_start()
    {
        app.Settings["Notifications:Targets:ops:Kind"] = "wecom";
        app.Settings["Notifications:Targets:ops:Url"] = "https://hooks.example.com/";
        using var client = app.CreateClient();
        using var connection = app.Get<JobStorage>().GetConnection();

        await Eventually.HoldsAsync(() => connection.GetRecurringJobs().Count == 4);

        Assert.Equal(["archives", "exports", "fingerprints", "notifications"], connection.GetRecurringJobs().Select(job => job.Id)
            .Order(StringComparer.Ordinal));
        client.DefaultRequestHeaders.Add("Accept-Language", "zh-CN");
        Assert.Contains("清理到期的压缩包", await client.GetStringAsync("/hangfire/recurring"), StringComparison.Ordinal);
    }

    /// <summary>An export that a worker has begun.</summary>
    private async Task<string> BuildingAsync(HttpClient client)
    {
        app.AddVideo("large.mp4");
        var id = await ConfirmAsync(client, new { all = true });
        await Eventually.HoldsAsync(async () => await StateAsync(client, id) == "building");
        return id;
    }

    private async Task<string> ConfirmAsync(HttpClient client, object selection)
    {
        var response = await app.PostExportAsync(client, selection, new { compression = "deflate" });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<string> StateAsync(HttpClient client, string id) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).GetProperty("state").GetString()!;

    private static async Task<string> EndAsync(HttpClient client, string id) =>
        (await ExportApp.EndOfAsync(client, id)).GetProperty("state").GetString()!;
}
