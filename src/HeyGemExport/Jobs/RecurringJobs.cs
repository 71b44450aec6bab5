using Hangfire;
using Hangfire.Common;
using HeyGemExport.Hosting;

namespace HeyGemExport.Jobs;

internal sealed record RecurringJobRegistration(string Id, Type Type, int EveryMinutes, Job Run)
{
    public string Cron => string.Create(CultureInfo.InvariantCulture, $"*/{EveryMinutes} * * * *");
}

/// <summary>Does all recurring work once at start, when somebody waits for what the last process left behind, again in seconds where that
/// fails, and hands it to Hangfire, which repeats it.</summary>
internal sealed partial class RecurringJobs(
    IEnumerable<RecurringJobRegistration> registrations, IServiceProvider services, IRecurringJobManagerV2 recurring,
    IOptions<NodeOptions> options, TimeProvider time, ILogger<RecurringJobs> log)
    : BackgroundService
{
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
    }

    private async Task<bool> TryStartAsync(RecurringJobRegistration registration, IRecurringJob job, CancellationToken cancellationToken)
    {
        try
        {
            if (!job.IsNeeded)
            {
                await Task.Run(() => recurring.RemoveIfExists(registration.Id), cancellationToken);
                return true;
            }

            await job.RunAsync(cancellationToken);
            await Task.Run(() => recurring.AddOrUpdate(registration.Id, registration.Run, registration.Cron, new()), cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: a fault in the background must not end the host.
            Log.NotDone(log, registration.Id, exception.Message, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "后台维护未完成: {Job}, {Reason}")]
        public static partial void NotDone(ILogger logger, string job, string reason, Exception exception);
    }
}
