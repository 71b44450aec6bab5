using System.Net;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using HeyGemExport.Exports.Retention;
using HeyGemExport.FileSystem;
using HeyGemExport.Jobs;

namespace HeyGemExport.Tests.Faults;

/// <summary>A clock that was ahead is set right while the app runs: what waits for seconds does not wait for a day.</summary>
public sealed class SetBackClockTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly SettableClock time = new() { Ahead = Day };
    private readonly ExportApp app;

    public SetBackClockTests()
    {
        app = new ExportApp { Time = time };
        app.Settings["Ops:LowFreeBytes"] = "0";
        app.Settings["Ops:MinimumFreeBytes"] = "0";
        app.Settings["Ops:CheckTimeoutSeconds"] = "60";
    }

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Readiness_notices_what_happens_afterwards()
    {
        using var client = app.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz/ready")).StatusCode);

        time.Ahead = TimeSpan.Zero;
        Directory.Delete(app.Outputs);
        time.Passed = TimeSpan.FromSeconds(10);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/healthz/ready")).StatusCode);
    }

    [Fact]
    public void The_run_log_is_written_again_as_soon_as_it_can_be()
    {
        var file = new RollingTextFile(app.Folder["log", "run.log"], maxBytes: 1000, keepFiles: 2, time);
        File.WriteAllText(app.Folder["log"], "");
        file.WriteLine("first");
        File.Delete(app.Folder["log"]);

        time.Ahead = TimeSpan.Zero;
        time.Passed = RollingTextFile.RetryAfter;
        file.WriteLine("second");

        Assert.Equal("first\nsecond\n", File.ReadAllText(file.FullPath));
    }

    [Fact]
    public void An_engine_that_stands_still_afterwards_is_noticed()
    {
        var engine = new JobEngine(new RunningJobs(), time);
        Assert.True(engine.IsRunning);

        time.Ahead = TimeSpan.Zero;
        time.Passed = TimeSpan.FromMinutes(1);

        Assert.False(engine.IsRunning);
    }

    [Fact]
    public async Task Jobs_that_were_planned_by_the_clock_are_planned_anew()
    {
        using var client = app.CreateClient();
        var storage = app.Get<JobStorage>();
        using var connection = storage.GetConnection();
        await Eventually.HoldsAsync(() => NextUpkeep(connection) is not null);
        var tomorrow = TimeProvider.System.GetUtcNow().UtcDateTime + Day;
        using (var plan = connection.CreateWriteTransaction())
        {
            plan.SetRangeInHash(
                $"recurring-job:{ExportUpkeep.Id}", [new("NextExecution", JobHelper.SerializeDateTime(tomorrow))]);
            plan.AddToSet("recurring-jobs", ExportUpkeep.Id, JobHelper.ToTimestamp(tomorrow));
            plan.Commit();
        }

        var scheduled = app.Get<IBackgroundJobClientV2>().Create(
            Job.FromExpression<RecurringRun<ExportUpkeep>>(run => run.RunAsync(CancellationToken.None)), new ScheduledState(tomorrow));
        Assert.Equal(ScheduledState.StateName, connection.GetStateData(scheduled)!.Name);

        time.Ahead = TimeSpan.Zero;

        await Eventually.HoldsAsync(() => connection.GetStateData(scheduled)?.Name == SucceededState.StateName);
        await Eventually.HoldsAsync(() => NextUpkeep(connection) < tomorrow - TimeSpan.FromHours(1));
    }

    private static DateTime? NextUpkeep(IStorageConnection connection) =>
        connection.GetRecurringJobs([ExportUpkeep.Id])[0].NextExecution;
}
