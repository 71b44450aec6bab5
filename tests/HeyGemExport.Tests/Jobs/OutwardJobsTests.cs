using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hangfire;
using Hangfire.Storage;
using HeyGemExport.Notifications;
using HeyGemExport.Tests.Notifications;

namespace HeyGemExport.Tests.Jobs;

/// <summary>Uploads and notifications on Hangfire's dashboard, with a store and a target that answer as a test wants.</summary>
public sealed class OutwardJobsTests : IAsyncLifetime
{
    private readonly ExportApp app = new();
    private readonly TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Receiver outside = null!;

    private IMonitoringApi Hangfire => app.Get<JobStorage>().GetMonitoringApi();

    public async Task InitializeAsync()
    {
        outside = await Receiver.StartAsync();
        outside.Answer = async context =>
        {
            await answer.Task.WaitAsync(context.RequestAborted);
            context.Response.StatusCode = 403;
        };
        app.AddVideo("a/a.mp4");
        app.AddVideo("b/b.mp4", seed: 2);
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        await outside.DisposeAsync();
    }

    [Fact]
    public async Task An_upload_that_takes_long_keeps_nobody_from_packing()
    {
        using var client = await UploadingAsync(workers: 1);

        var second = await app.ExportAsync(client, new { batches = new[] { "b" } });

        Assert.Equal("ready", second.State());
        var job = Assert.Single(Hangfire.ProcessingJobs(0, 10), job => job.Value.Job.Queue is "uploads");
        client.DefaultRequestHeaders.Add("Accept-Language", "zh-CN");
        var page = await client.GetStringAsync($"/hangfire/jobs/details/{job.Key}");
        Assert.Contains("上传 heygem_batch_result_", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("/deliveries\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_an_uploads_job_cancels_the_upload()
    {
        using var client = await UploadingAsync();
        var job = Assert.Single(Hangfire.ProcessingJobs(0, 10), job => job.Value.Job.Queue is "uploads");

        await client.PressAsync("delete", job.Key);

        Assert.Equal("cancelled", (await UploadAsync(client)).State());
        Assert.Equal(job.Key, Assert.Single(Hangfire.DeletedJobs(0, 10)).Key);
        await client.PressAsync("requeue", job.Key, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("cancelled", (await UploadAsync(client)).State());
    }

    [Fact]
    public async Task An_upload_that_is_cancelled_in_the_app_is_deleted_there()
    {
        using var client = await UploadingAsync();

        await client.PostAsync($"/api/v1/deliveries/{(await UploadAsync(client)).Id()}/cancel", content: null);

        await Eventually.HoldsAsync(() => Hangfire.DeletedJobs(0, 10).Count == 1);
    }

    [Fact]
    public async Task An_upload_that_failed_is_red_there_with_its_reason_and_can_be_queued_again()
    {
        using var client = await UploadingAsync();
        answer.SetResult();
        await Eventually.HoldsAsync(() => Hangfire.FailedCount() == 1);
        var failed = Assert.Single(Hangfire.FailedJobs(0, 10));
        Assert.Contains("videos", failed.Value.Reason, StringComparison.Ordinal);
        Assert.Equal("store-denied", (await UploadAsync(client)).GetProperty("error").GetProperty("code").GetString());

        await client.PressAsync("requeue", failed.Key);

        await Eventually.HoldsAsync(async () => (await client.ActionsAsync()).Count(action => action == "delivery-failed") == 2);
    }

    [Fact]
    public async Task A_notification_is_tried_again_by_its_schedule_at_once_when_it_is_queued_again_and_never_when_it_is_deleted()
    {
        answer.SetResult();
        app.Settings["Notifications:AllowPrivateAddresses"] = "true";
        app.Settings["Notifications:Targets:ops:Kind"] = "wecom";
        app.Settings["Notifications:Targets:ops:Url"] = outside.Address;
        using var client = app.CreateClient();
        await Eventually.HoldsAsync(() => RecurringCount() == 4);
        await app.ExportAsync(client, new { batches = new[] { "a" } });

        await Eventually.HoldsAsync(() => Hangfire.ScheduledCount() == 1);
        var job = Assert.Single(Hangfire.ScheduledJobs(0, 10));
        Assert.True(job.Value.EnqueueAt > TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5));
        await client.PressAsync("requeue", job.Key);
        await Eventually.HoldsAsync(async () => await FindAsync() is { Attempts: 2 } && Hangfire.ScheduledCount() == 1);
        client.DefaultRequestHeaders.Add("Accept-Language", "zh-CN");
        Assert.Contains("通知 ops", WebUtility.HtmlDecode(await client.GetStringAsync("/hangfire/jobs/scheduled")), StringComparison.Ordinal);
        await client.PressAsync("delete", job.Key);

        Assert.True(await FindAsync() is { State: NotificationState.Failed, Fault: "cancelled" });
        Assert.Equal(2, outside.Messages.Count);

        async Task<Notification> FindAsync() => Assert.Single((await app.Get<NotificationStore>().ListAsync(1, 10, default)).Items);
    }

    private int RecurringCount()
    {
        using var connection = app.Get<JobStorage>().GetConnection();
        return connection.GetRecurringJobs().Count;
    }

    /// <summary>A client of a host that sends a ready export to a store that does not answer.</summary>
    private async Task<HttpClient> UploadingAsync(int workers = 2)
    {
        var settings = new[]
        {
            ("Endpoint", outside.Address), ("Bucket", "videos"), ("ForcePathStyle", "true"), ("AccessKeyId", "key"),
            ("SecretAccessKey", "secret"),
        };
        foreach (var (key, value) in settings)
        {
            app.Settings["Delivery:Destinations:store:" + key] = value;
        }

        app.Settings["Delivery:Workers"] = $"{workers}";
        var client = app.CreateClient();
        var selection = new { batches = new[] { "a" } };
        var response = await client.PostAsJsonAsync("/api/v1/exports", new { selection, deliver = new { destination = "store" } });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await Eventually.HoldsAsync(() => !outside.Messages.IsEmpty);
        return client;
    }

    private static async Task<JsonElement> UploadAsync(HttpClient client)
    {
        var exports = (await client.GetFromJsonAsync<JsonElement>("/api/v1/exports")).GetProperty("items").EnumerateArray();
        return (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{exports.Last().Id()}/deliveries")).GetProperty("items")[0];
    }
}
