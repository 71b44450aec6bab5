using System.Collections.Concurrent;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Jobs;
using HeyGemExport.Tests.Faults;

namespace HeyGemExport.Tests.Jobs;

/// <summary>A job that ended without its record, as by an exception that nobody foresaw.</summary>
public sealed class LostJobTests : IDisposable
{
    private readonly RecoveryClock time = new();
    private readonly ExportApp app;

    public LostJobTests()
    {
        app = new ExportApp { Time = time };
        app.Settings["Exports:Workers"] = "1";
    }

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task An_export_that_this_process_has_claimed_and_nobody_works_on_is_packed_all_the_same()
    {
        app.AddVideo("small/a.mp4");
        using var client = app.CreateClient();
        await StopUpkeepAsync();
        var first = await Aftermath.BuildingAsync(client, app.Folder);
        var lost = await Aftermath.RequestAsync(client, new { batches = new[] { "small" } });
        var job = await app.Get<Database>().FirstAsync<string>("SELECT job_id FROM exports WHERE id = @lost", new { lost }, default);
        Assert.True(app.Get<IBackgroundJobClientV2>().ChangeState(job, new FailedState(new InvalidOperationException("unforeseen"))));
        Assert.True(await app.Get<ExportTransitions>().ClaimAsync(lost, default));
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, first);
        Assert.Equal("building", (await Aftermath.FindAsync(client, lost)).State());

        await Eventually.HoldsAsync(async () =>
        {
            time.PassInterval();
            return (await Aftermath.FindAsync(client, lost)).State() != "building";
        });
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, lost);
    }

    /// <summary>It runs by the clock, also in the middle of a test.</summary>
    private async Task StopUpkeepAsync()
    {
        using var connection = app.Get<JobStorage>().GetConnection();
        await Eventually.HoldsAsync(
            () => connection.GetRecurringJobs().Exists(job => string.Equals(job.Id, ExportUpkeep.Id, StringComparison.Ordinal)));
        app.Get<IRecurringJobManagerV2>().RemoveIfExists(ExportUpkeep.Id);
    }

    [Fact]
    public async Task The_claim_of_a_cancelled_export_that_could_not_be_given_back_is_taken_off()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = (await app.ExportAsync(client, new { all = true })).GetProperty("id").GetString();
        var database = app.Get<Database>();
        await database.ExecuteAsync(
            "UPDATE exports SET state = 'cancelled', claimed_by = @Node, heartbeat_at = 1 WHERE id = @id",
            new { id, app.Get<ExportTransitions>().Node }, default);

        await app.Get<ExportUpkeep>().RunAsync(default);

        Assert.Null(await database.FirstAsync<string>("SELECT claimed_by FROM exports WHERE id = @id", new { id }, default));
    }

    /// <summary>The interval of recovery passes when the test says so.</summary>
    private sealed class RecoveryClock : TimeProvider
    {
        private readonly ConcurrentQueue<Action> held = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (period != RecurringJobs.RecoveryInterval)
            {
                return base.CreateTimer(callback, state, dueTime, period);
            }

            held.Enqueue(() => callback(state));
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void PassInterval()
        {
            foreach (var tick in held)
            {
                tick();
            }
        }
    }
}
