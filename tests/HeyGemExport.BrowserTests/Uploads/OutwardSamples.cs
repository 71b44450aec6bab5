using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;
using HeyGemExport.Notifications;
using HeyGemExport.Uploads;

namespace HeyGemExport.BrowserTests.Uploads;

/// <summary>Deliveries and notifications in every state, over a store and targets that nobody asks.</summary>
internal static class OutwardSamples
{
    /// <summary>A store and who is told, as ops would configure them. Before the host starts.</summary>
    public static HeldApp Configure(HeldApp app)
    {
        foreach (var destination in new[] { "archive-store", "backup-of-the-customer-2026-east" })
        {
            foreach (var (key, value) in new[]
            {
                ("Endpoint", "https://s3.example.com"), ("Bucket", "videos"), ("Prefix", "results/2026"), ("AccessKeyId", "key"),
                ("SecretAccessKey", "secret"),
            })
            {
                app.Settings[$"Delivery:Destinations:{destination}:{key}"] = value;
            }
        }

        foreach (var (target, kind) in new[] { ("team", "dingtalk"), ("pipeline", "webhook") })
        {
            app.Settings[$"Notifications:Targets:{target}:Kind"] = kind;
            app.Settings[$"Notifications:Targets:{target}:Url"] = "https://hooks.example.com/robot/send?access_token=abc";
            app.Settings[$"Notifications:Targets:{target}:Secret"] = "a secret that is long enough";
        }

        return app;
    }

    /// <summary>One delivery of an export in each state.</summary>
    public static async Task DeliverAsync(HeldApp app, string exportId)
    {
        var transitions = app.Get<UploadTransitions>();
        await AddAsync(app, exportId, "queued", UploadContent.Archive);
        var sending = await AddAsync(app, exportId, "sending", UploadContent.Archive);
        await transitions.ClaimAsync(sending, CancellationToken.None);
        await PlanAsync(app, exportId, sending);
        await transitions.HeartbeatAsync(sending, new JobProgress(1000), CancellationToken.None);
        var failed = await AddAsync(app, exportId, "failed", UploadContent.Archive);
        await transitions.FailAsync(
            failed, new ExportError("store-unreachable", ["Connection refused (s3.example.com:443)"]), CancellationToken.None);
        var changed = await AddAsync(app, exportId, "changed", UploadContent.Videos);
        FileIssue[] issues = [.. (await EntriesAsync(app, exportId)).Select(path => new FileIssue(path, "changed"))];
        await transitions.FailAsync(changed, new ExportError("videos-changed", Files: issues), CancellationToken.None);
        await transitions.CancelAsync(await AddAsync(app, exportId, "cancelled", UploadContent.Archive), CancellationToken.None);

        // The newest, and with that the first on the page.
        var ready = await AddAsync(app, exportId, "ready", UploadContent.Videos);
        await transitions.ClaimAsync(ready, CancellationToken.None);
        var objects = await PlanAsync(app, exportId, ready);
        for (var ordinal = 0; ordinal < objects; ordinal++)
        {
            await transitions.ArriveAsync(ready, ordinal, CancellationToken.None);
        }

        await transitions.FinishAsync(ready, CancellationToken.None);
    }

    /// <summary>Notices of ended exports: taken, given up, to be tried again.</summary>
    public static async Task NotifyAsync(HeldApp app, string ready, string failed)
    {
        var store = app.Get<NotificationStore>();
        foreach (var (target, export) in new[] { ("team", ready), ("team", failed), ("pipeline", failed) })
        {
            var record = await app.Get<ExportService>().FindAsync(export, CancellationToken.None);
            await store.AddAsync(target, NotificationPayload.Of(record!, url: null), CancellationToken.None);
        }

        var outcomes = new Queue<(NotificationState State, AttemptResult Result)>([
            (NotificationState.Delivered, new(Delivered: true, 200, Fault: null)),
            (NotificationState.Failed, new(Delivered: false, 200, "310000 sign not match")),
            (NotificationState.Waiting, new(Delivered: false, Status: null, "timeout")),
        ]);
        foreach (var notification in await store.DueAsync(outcomes.Count, CancellationToken.None))
        {
            var (state, result) = outcomes.Dequeue();
            await store.ClaimAsync(notification, notification.NextAttemptAt.AddHours(1), CancellationToken.None);
            await store.EndAsync(notification.Id, state, result, CancellationToken.None);
        }
    }

    private static async Task<string> AddAsync(HeldApp app, string exportId, string prefix, UploadContent what)
    {
        var destination = app.Get<Destinations>().All[0];
        var delivery = new Upload
        {
            Id = ShortId.Create(),
            ExportId = exportId,
            Destination = destination.Name,
            Bucket = destination.Bucket,
            Prefix = $"{destination.Prefix}/{prefix}",
            What = what,
            DropLocal = false,
            State = UploadState.Queued,
            RequestedBy = Caller.Anonymous,
            RequestedFrom = "127.0.0.1",
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        Assert.True(await app.Get<UploadStore>().TryInsertAsync(delivery, CancellationToken.None));
        return delivery.Id;
    }

    private static async Task<int> PlanAsync(HeldApp app, string exportId, string delivery)
    {
        var hash = new string('5', 64);
        List<UploadObject> objects = [.. (await EntriesAsync(app, exportId))
            .Select((path, index) => new UploadObject(index, $"results/2026/batch/{path}", path, 4096, hash, Arrived: false))];
        objects.Add(new UploadObject(objects.Count, "results/2026/batch/manifest.json", Source: null, 512, hash, Arrived: false));
        await app.Get<UploadStore>().PlanAsync(delivery, objects, CancellationToken.None);
        return objects.Count;
    }

    private static async Task<IEnumerable<string>> EntriesAsync(HeldApp app, string exportId) =>
        (await app.Get<ExportStore>().ReadContractAsync(exportId, CancellationToken.None)).Select(entry => entry.Path);
}
