using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;

namespace HeyGemExport.Nodes;

internal sealed partial class NodeHeartbeat(
    NodeRegistry nodes, JobIntake intake, Database database, TimeProvider time, ILogger<NodeHeartbeat> log) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Nothing is packed before it is known who else is there.
        intake.Set(ExportJob.Queue, database.IsSqlite);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!database.IsSqlite)
        {
            await TryAsync(nodes.LeaveAsync, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.IsSqlite)
        {
            return;
        }

        using var timer = new PeriodicTimer(NodeRegistry.Interval, time);
        do
        {
            await TryAsync(nodes.BeatAsync, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            // The check of the database says so.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception exception)
        {
            // A fault in the background must not end the host.
            Log.NotDone(log, exception.Message, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "节点心跳未完成: {Reason}")]
        public static partial void NotDone(ILogger logger, string reason, Exception exception);
    }
}
