using Hangfire;
using Hangfire.Common;
using HeyGemExport.Data;
using HeyGemExport.Hosting;

namespace HeyGemExport.Jobs;

internal sealed record RecurringJobRegistration(string Id, Type Type, int EveryMinutes, Job Run)
{
    public string Cron => string.Create(CultureInfo.InvariantCulture, $"*/{EveryMinutes} * * * *");
}

/// <summary>Does all recurring work once at start, when somebody waits for what the last process left behind, again in seconds where that
/// fails, and hands it to Hangfire, which repeats it. What cannot wait for that it does itself.</summary>
internal sealed partial class RecurringJobs(
    IEnumerable<RecurringJobRegistration> registrations, IServiceProvider services, IRecurringJobManagerV2 recurring,
    IOptions<NodeOptions> options, TimeProvider time, ILogger<RecurringJobs> log)
    : BackgroundService
{
    public static readonly TimeSpan RecoveryInterval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PauseWhileAway = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Needed().Select(
        registration => StartAsync(registration, (IRecurringJob)services.GetRequiredService(registration.Type), stoppingToken)));

    private IEnumerable<RecurringJobRegistration> Needed() => options.Value.RunsJobs ? registrations : [];

    private async Task StartAsync(RecurringJobRegistration registration, IRecurringJob job, CancellationToken stoppingToken)
    {
        while (!await TryStartAsync(registration, job, stoppingToken))
        {
            await Task.Delay(PauseWhileAway, time, stoppingToken);
        }

        using var timer = new PeriodicTimer(RecoveryInterval, time);
        while (job.IsNeeded && await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync(registration, job.RecoverAsync, stoppingToken);
        }
    }

    private Task<bool> TryStartAsync(RecurringJobRegistration registration, IRecurringJob job, CancellationToken stoppingToken) => TryAsync(
        registration,
        async cancellationToken =>
        {
            if (!job.IsNeeded)
            {
                await Task.Run(() => recurring.RemoveIfExists(registration.Id), cancellationToken);
                return;
            }

            await job.RunAsync(cancellationToken);
            await Task.Run(() => recurring.AddOrUpdate(registration.Id, registration.Run, registration.Cron, new()), cancellationToken);
        },
        stoppingToken);

    private async Task<bool> TryAsync(
        RecurringJobRegistration registration, Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run(cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: a fault in the background must not end the host.
            Log.NotDone(log, registration.Id, exception.Message, DatabaseErrors.IsUnavailable(exception) ? null : exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "后台维护未完成: {Job}, {Reason}")]
        public static partial void NotDone(ILogger logger, string job, string reason, Exception? exception);
    }
}
