using Hangfire;
using Hangfire.Server;

namespace HeyGemExport.Jobs;

/// <summary>The job engine and how it is doing in this process. Hangfire keeps this process going beside its workers and takes it down with
/// them, so no storage has to be asked.</summary>
internal sealed class JobEngine(RunningJobs running, TimeProvider time) : IBackgroundProcess
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>Also the time that the engine is given to begin: it waits for the host to have started.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long lastBeat = time.GetTimestamp();

    public string Name { get; } = "Hangfire";
    public string Version { get; } = typeof(JobStorage).Assembly.GetName().Version?.ToString(3) ?? "";
    public string DashboardPath { get; } = JobDashboard.Path;

    public bool IsRunning => time.GetElapsedTime(Volatile.Read(ref lastBeat)) < Patience;

    public int Busy(string queue) => running.Count(queue);

    public void Execute(BackgroundProcessContext context)
    {
        Volatile.Write(ref lastBeat, time.GetTimestamp());
        context.Wait(Beat);
    }
}
