using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hangfire;
using Hangfire.States;
using HeyGemExport.Data;
using HeyGemExport.Uploads;

namespace HeyGemExport.Tests.Uploads;

/// <summary>What becomes of a delivery when something breaks.</summary>
[Collection(SwiftCollection.Name)]
public sealed class UploadFaultTests(SwiftServer server) : UploadTest(server)
{
    [SwiftFact]
    public async Task Killed_in_the_middle_it_goes_on_after_the_next_start_and_sends_no_part_twice()
    {
        string[] settings =
        [
            .. Settings().Select(setting => $"{setting.Key}={setting.Value}"), "Delivery:Destinations:store:PartsAtOnce=1",
        ];
        Folder.Write("outputs/large.mp4", Clips.Mp4(6 * Part), new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc));
        Proxy.HoldAfter(parts: 3);
        string id;
        await using (var first = await ServerProcess.StartAsync(Folder, settings))
        {
            var response = await first.Client.PostAsJsonAsync(
                "/api/v1/exports", new { selection = new { all = true }, deliver = new { destination = "store" } });
            var export = await ExportApp.EndOfAsync(first.Client, await response.IdAsync());
            id = (await first.Client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{export.Id()}/deliveries"))
                .GetProperty("items")[0]
                .Id();
            await Eventually.HoldsAsync(() => Proxy.PartsSent.Count == 3);
            await first.KillAsync();
        }

        Proxy.HoldAfter(parts: int.MaxValue);
        await using var second = await ServerProcess.StartAsync(Folder, settings);
        var delivery = await EndOfAsync(second.Client, id);

        AssertReady(delivery);
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], Proxy.PartsSent);
        var archive = delivery.GetProperty("objects")[0];
        Assert.Equal(archive.GetProperty("sha256").GetString(), await Bucket.Sha256Async(archive.GetProperty("key").GetString()!));
    }

    [SwiftFact]
    public async Task A_store_that_goes_away_in_the_middle_is_waited_for()
    {
        App.AddVideo("large.mp4", 5 * Part);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });
        var release = Proxy.HoldAfter(parts: 2);
        var id = await DeliverAsync(client, export.Id(), new { destination = "store" });
        await Eventually.HoldsAsync(() => Proxy.PartsSent.Count == 2);
        await Server.StopProxyAsync();
        release.SetResult();
        await Eventually.HoldsAsync(async () => (await File.ReadAllTextAsync(App.RunLog)).Contains("上传重试", StringComparison.Ordinal));
        await Server.StartProxyAsync();

        AssertReady(await EndOfAsync(client, id));
        Assert.Equal(Proxy.PartsSent.Count, Proxy.PartsSent.Distinct().Count());
        Assert.Equal(
            export.GetProperty("archiveSha256").GetString(),
            await Bucket.Sha256Async("results/" + export.GetProperty("archiveName").GetString()));
    }

    [SwiftFact]
    public async Task Cancelled_it_leaves_no_part_behind()
    {
        App.AddVideo("large.mp4", 5 * Part);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });
        Proxy.HoldAfter(parts: 2);
        var id = await DeliverAsync(client, export.Id(), new { destination = "store" });
        await Eventually.HoldsAsync(() => Proxy.PartsSent.Count == 2);
        Assert.Single(await Bucket.UploadsAsync());

        var response = await client.PostAsync($"/api/v1/deliveries/{id}/cancel", content: null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("cancelled", (await EndOfAsync(client, id)).State());
        await Eventually.HoldsAsync(async () => (await Bucket.UploadsAsync()).Length == 0);
        Assert.Empty(await Bucket.KeysAsync());
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"/api/v1/deliveries/{id}/cancel", content: null)).StatusCode);
        Assert.Equal("delivery-cancelled", (await client.ActionsAsync())[^1]);
    }

    [SwiftFact]
    public async Task Cancelled_while_the_store_begins_them_none_stays_open()
    {
        const int Count = 6;
        Configured(new ExportApp(Folder), ("Delivery:Workers", "6"));
        using var client = App.CreateClient();
        var begun = 0;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Proxy.After = request =>
            request.Query.ContainsKey("uploads") && Interlocked.Increment(ref begun) > 0 ? release.Task : Task.CompletedTask;
        List<string> ids = [];
        for (var index = 0; index < Count; index++)
        {
            App.AddVideo($"batch{index}/large.mp4", 2 * Part, seed: index);
            var export = await App.ExportAsync(client, new { batches = new[] { $"batch{index}" } });
            ids.Add(await DeliverAsync(client, export.Id(), new { destination = "store" }));
        }

        await Eventually.HoldsAsync(() => Volatile.Read(ref begun) == Count);
        Assert.Equal(Count, (await Bucket.UploadsAsync()).Length);
        foreach (var id in ids)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"/api/v1/deliveries/{id}/cancel", content: null)).StatusCode);
        }

        // Longer than a worker takes to learn of it.
        await Task.Delay(TimeSpan.FromSeconds(2));
        release.SetResult();

        await Eventually.HoldsAsync(async () => (await Bucket.UploadsAsync()).Length == 0);
        Assert.Empty(await Bucket.KeysAsync());
    }

    [SwiftFact]
    public async Task One_whose_job_ended_without_its_record_is_sent_all_the_same()
    {
        Clips.WriteSparseMp4(Path.Combine(App.Outputs, "large.mp4"), 64L << 20);
        using var client = App.CreateClient();
        var response = await client.PostAsJsonAsync(
            "/api/v1/exports", new { selection = new { all = true }, deliver = new { destination = "store" } });
        var export = await response.IdAsync();
        var id = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{export}/deliveries")).GetProperty("items")[0].Id();
        Assert.True(await App.Get<UploadTransitions>().ClaimAsync(id, CancellationToken.None), "It had been begun before the test did it.");
        Assert.Equal("ready", (await ExportApp.EndOfAsync(client, export)).State());

        await Eventually.HoldsAsync(async () =>
        {
            await App.Get<UploadUpkeep>().RunAsync(CancellationToken.None);
            return (await FindAsync(client, id)).State() != "sending" || App.Get<UploadProgressBoard>().Find(id) is not null;
        });
        AssertReady(await EndOfAsync(client, id));
    }

    [SwiftFact]
    public async Task One_that_waits_and_whose_job_is_lost_is_sent_with_the_next_recovery()
    {
        Configured(new ExportApp(Folder), ("Delivery:Workers", "1"));
        foreach (var (index, name) in new[] { "first", "second" }.Index())
        {
            App.AddVideo($"{name}/a.mp4", seed: index);
        }

        using var client = App.CreateClient();
        var (one, other) = (await App.ExportAsync(client, new { batches = new[] { "first" } }),
            await App.ExportAsync(client, new { batches = new[] { "second" } }));
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Proxy.Before = async _ =>
        {
            await release.Task;
            return null;
        };
        var first = await DeliverAsync(client, one.Id(), new { destination = "store" });
        await Eventually.HoldsAsync(async () => (await FindAsync(client, first)).State() == "sending");
        var waiting = await DeliverAsync(client, other.Id(), new { destination = "store" });
        const string Sql = "SELECT job_id FROM deliveries WHERE id = @waiting";
        var job = await App.Get<Database>().FirstAsync<string>(Sql, new { waiting }, CancellationToken.None);
        Assert.True(App.Get<IBackgroundJobClientV2>().ChangeState(job, new FailedState(new InvalidOperationException("unforeseen"))));
        release.SetResult();
        AssertReady(await EndOfAsync(client, first));

        await App.Get<UploadUpkeep>().RecoverAsync(CancellationToken.None);

        await Eventually.HoldsAsync(async () => (await FindAsync(client, waiting)).State() != "queued");
        AssertReady(await EndOfAsync(client, waiting));
    }

    [SwiftFact]
    public async Task Wrong_credentials_are_said_in_both_languages_and_no_secret_anywhere()
    {
        const string Wrong = "a-very-wrong-secret";
        Configured(new ExportApp(Folder), ("Delivery:Destinations:store:SecretAccessKey", Wrong));
        App.AddVideo("a.mp4");
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });

        var id = (await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "store" }))).Id();

        var english = (await FindAsync(client, id)).GetProperty("error");
        client.DefaultRequestHeaders.Add("Accept-Language", "zh-CN");
        var chinese = (await FindAsync(client, id)).GetProperty("error");
        Assert.Equal("store-credentials", english.GetProperty("code").GetString());
        Assert.StartsWith("The store does not accept the access key", english.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("存储服务不接受访问密钥", chinese.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("[ERROR] 上传失败: 存储服务不接受访问密钥", await File.ReadAllTextAsync(App.RunLog), StringComparison.Ordinal);
        foreach (
            var text in new[] { await client.GetStringAsync("/api/v1/audit"), await client.GetStringAsync("/api/v1/destinations"),
            await File.ReadAllTextAsync(App.RunLog) })
        {
            Assert.DoesNotContain(Wrong, text, StringComparison.Ordinal);
            Assert.DoesNotContain(SwiftServer.AccessKey, text, StringComparison.Ordinal);
        }
    }

    [SwiftFact]
    public async Task A_full_bucket_fails_it_and_with_more_room_it_goes_on_where_it_stopped()
    {
        App.AddVideo("a.mp4", 100_000, seed: 1);
        App.AddVideo("b.mp4", 300_000, seed: 2);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });

        // The store looks up what is in a bucket now and then only; an object that is larger than the whole room it refuses at once.
        await Server.LimitAsync(Bucket.Name, 200_000);

        var failed = await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "store", what = "videos" }));

        Assert.Equal("store-full", failed.GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain(await Bucket.KeysAsync(), key => key.EndsWith("manifest.json", StringComparison.Ordinal));
        await Server.LimitAsync(Bucket.Name, 1_000_000);
        Assert.Equal(
            HttpStatusCode.Accepted, (await client.PostAsync($"/api/v1/deliveries/{failed.Id()}/retry", content: null)).StatusCode);
        AssertReady(await EndOfAsync(client, failed.Id()));
        Assert.Single(
            Proxy.Requests,
            request => request.StartsWith("PUT", StringComparison.Ordinal) && request.EndsWith("/a.mp4", StringComparison.Ordinal));
        Assert.Contains(await Bucket.KeysAsync(), key => key.EndsWith("manifest.json", StringComparison.Ordinal));
    }

    [SwiftFact]
    public async Task A_part_that_is_refused_a_few_times_is_sent_again()
    {
        App.AddVideo("large.mp4", 3 * Part);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });
        var refusals = 2;
        Proxy.Before = request => Task.FromResult<HttpStatusCode?>(
            request.Query["partNumber"] == "2" && Interlocked.Decrement(ref refusals) >= 0 ? HttpStatusCode.ServiceUnavailable : null);

        var delivery = await EndOfAsync(client, await DeliverAsync(client, export.Id(), new { destination = "store" }));

        AssertReady(delivery);
        Assert.Equal(["1", "2", "3", "4"], Proxy.PartsSent.Order());
    }

    [SwiftFact]
    public async Task When_its_export_comes_to_nothing_so_does_the_delivery()
    {
        Clips.WriteSparseMp4(Path.Combine(App.Outputs, "large.mp4"), 3L << 30);
        using var client = App.CreateClient();
        var response = await client.PostAsJsonAsync(
            "/api/v1/exports",
            new { selection = new { all = true }, options = new { compression = "deflate" }, deliver = new { destination = "store" } });
        var export = await response.IdAsync();
        var delivery = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{export}/deliveries")).GetProperty("items")[0].Id();

        await client.PostAsync($"/api/v1/exports/{export}/cancel", content: null);

        Assert.Equal("export-cancelled", (await EndOfAsync(client, delivery)).GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(await Bucket.KeysAsync());
    }
}
