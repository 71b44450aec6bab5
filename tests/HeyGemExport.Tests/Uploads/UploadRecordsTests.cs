using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;
using HeyGemExport.Tests.Data;
using HeyGemExport.Uploads;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Tests.Uploads;

/// <summary>The records of deliveries, whichever engine holds them. No destination is configured, so nothing is sent.</summary>
public abstract class UploadRecordsTests : IAsyncLifetime
{
    private readonly ExportApp app = new();

    private UploadStore Store => app.Get<UploadStore>();

    private UploadTransitions Transitions => app.Get<UploadTransitions>();

    public async Task InitializeAsync() => app.Settings["ConnectionStrings:Database"] = await NewDatabaseAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [DatabaseFact]
    public async Task One_of_the_same_is_under_way_at_a_time()
    {
        var delivery = await NewAsync();

        Assert.True(await Store.TryInsertAsync(delivery, default));
        Assert.False(await Store.TryInsertAsync(delivery with { Id = ShortId.Create() }, default));
        Assert.Equal(delivery.Id, (await Store.FindLiveTwinAsync(delivery with { Id = "other" }, default))!.Id);
        Assert.True(await Store.TryInsertAsync(delivery with { Id = ShortId.Create(), Prefix = "other" }, default));
        Assert.True(await Transitions.CancelAsync(delivery.Id, default));
        Assert.True(await Store.TryInsertAsync(delivery with { Id = ShortId.Create() }, default));
    }

    [DatabaseFact]
    public async Task A_stop_of_the_service_does_not_count_as_an_attempt()
    {
        var delivery = await NewAsync();
        await Store.TryInsertAsync(delivery, default);

        await Transitions.ClaimAsync(delivery.Id, default);
        await Transitions.ReleaseAsync(delivery.Id, stopped: true, default);
        Assert.Equal((UploadState.Queued, 0), (await FindAsync(delivery)) is var stopped ? (stopped.State, stopped.Attempts) : default);

        await Transitions.ClaimAsync(delivery.Id, default);
        await Transitions.ReleaseAsync(delivery.Id, stopped: false, default);
        Assert.Equal((UploadState.Queued, 1), (await FindAsync(delivery)) is var broken ? (broken.State, broken.Attempts) : default);

        await Transitions.ClaimAsync(delivery.Id, default);
        await Transitions.CancelAsync(delivery.Id, default);
        await Transitions.ReleaseAsync(delivery.Id, stopped: true, default);
        Assert.Equal(
            (UploadState.Cancelled, 2), (await FindAsync(delivery)) is var cancelled ? (cancelled.State, cancelled.Attempts) : default);
    }

    [DatabaseFact]
    public async Task It_goes_from_state_to_state_and_one_of_two_wins()
    {
        var delivery = await NewAsync();
        await Store.TryInsertAsync(delivery, default);
        await Store.PlanAsync(
            delivery.Id, [new(0, "k", "a", 5, "aa", Arrived: false), new(1, "m", null, 7, "bb", Arrived: false)], default);

        Assert.True(await Transitions.ClaimAsync(delivery.Id, default));
        var other = new UploadTransitions(app.Get<Database>(), new JobNode(), TimeProvider.System);
        Assert.False(await other.ClaimAsync(delivery.Id, default));
        Assert.False(await other.TakeOverAsync(delivery.Id, default));
        Assert.True(await Transitions.HeartbeatAsync(delivery.Id, new JobProgress(5), default));
        Assert.True(await Transitions.RememberAsync(delivery.Id, 0, new BegunUpload("upload", 42), default));
        Assert.True(await Transitions.ReleaseAsync(delivery.Id, stopped: false, default));
        Assert.Equal(
            (UploadState.Queued, 5L, 12L),
            (await FindAsync(delivery)) is var queued ? (queued.State, queued.DoneBytes, queued.TotalBytes) : default);
        Assert.Equal(("upload", 42L), (queued.Objects[0].UploadId, queued.Objects[0].PartBytes));
        Assert.True(await Transitions.ClaimAsync(delivery.Id, default));
        Assert.True(await Transitions.ArriveAsync(delivery.Id, 0, default));
        Assert.True(await Transitions.FailAsync(delivery.Id, new ExportError("store-full", ["b"]), default));
        Assert.Equal("store-full", (await FindAsync(delivery)).Error!.Code);
        Assert.True(await Transitions.RetryAsync(delivery.Id, default));
        Assert.True(await Transitions.ClaimAsync(delivery.Id, default));
        Assert.True(await Transitions.FinishAsync(delivery.Id, default));
        Assert.False(await Transitions.CancelAsync(delivery.Id, default));
        var done = await FindAsync(delivery);
        Assert.Equal((UploadState.Ready, 12L, 1), (done.State, done.DoneBytes, done.Attempts));
        Assert.Equal([true, false], done.Objects.Select(item => item.Arrived));
    }

    [DatabaseFact]
    public async Task What_was_half_sent_is_found_once_nobody_works_on_it()
    {
        var delivery = await NewAsync();
        await Store.TryInsertAsync(delivery, default);
        await Store.PlanAsync(delivery.Id, [new(0, "k", "a", 5, "aa", Arrived: false)], default);
        await Transitions.ClaimAsync(delivery.Id, default);
        await Transitions.RememberAsync(delivery.Id, 0, new BegunUpload("upload", 42), default);
        await Transitions.CancelAsync(delivery.Id, default);

        Assert.Empty(await Store.AbandonedAsync(DateTimeOffset.MaxValue, default));
        Assert.False(await Transitions.HeartbeatAsync(delivery.Id, new JobProgress(5), default));
        await Transitions.ReleaseAsync(delivery.Id, stopped: false, default);
        Assert.Equal(delivery.Id, Assert.Single(await Store.AbandonedAsync(DateTimeOffset.UnixEpoch, default)).Id);
        await Transitions.RememberAsync(delivery.Id, 0, begun: null, default);
        Assert.Empty(await Store.AbandonedAsync(DateTimeOffset.MaxValue, default));
    }

    [DatabaseFact]
    public async Task A_running_delivery_of_this_process_is_no_orphan()
    {
        var delivery = await NewAsync();
        await Store.TryInsertAsync(delivery, default);
        await Transitions.ClaimAsync(delivery.Id, default);

        Assert.Equal(0, await Transitions.RequeueOrphansAsync(default));
        Assert.Equal(delivery.Id, Assert.Single(await Store.OfExportAsync(delivery.ExportId, default)).Id);
        Assert.Empty(await Store.QueuedAsync(default));
    }

    protected abstract Task<string> NewDatabaseAsync();

    private async Task<Upload> FindAsync(Upload delivery) => (await Store.FindAsync(delivery.Id, default))!;

    private async Task<Upload> NewAsync()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var export = await app.ExportAsync(client, new { all = true });
        return new Upload
        {
            Id = ShortId.Create(),
            ExportId = export.Id(),
            Destination = "store",
            Bucket = "bucket",
            Prefix = "",
            What = UploadContent.Archive,
            DropLocal = false,
            State = UploadState.Queued,
            RequestedBy = "me",
            RequestedFrom = "here",
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
    }
}

public sealed class SqliteDeliveryRecordsTests : UploadRecordsTests
{
    protected override Task<string> NewDatabaseAsync() => Task.FromResult("");
}

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlDeliveryRecordsTests(PostgreSqlServer server) : UploadRecordsTests
{
    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();
}
