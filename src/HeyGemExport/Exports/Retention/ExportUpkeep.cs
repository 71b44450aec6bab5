using HeyGemExport.Data;
using HeyGemExport.Jobs;

namespace HeyGemExport.Exports.Retention;

/// <summary>Keeps the temp directory small, and has packed what was interrupted or what the job engine has lost.</summary>
internal sealed partial class ExportUpkeep(
    ExportTransitions transitions, ArchiveRetention retention, IJobQueue queue, IStringLocalizer<ExportTexts> texts,
    ILogger<ExportUpkeep> log) : IRecurringJob
{
    public static string Id => "exports";
    public static int EveryMinutes => 5;

    public string Name => texts["Job.Upkeep"];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await transitions.RequeueOrphansAsync(cancellationToken) is > 0 and var orphans)
            {
                Log.Requeued(log, orphans);
            }

            if (await transitions.RequeueUnflushedAsync(cancellationToken) is > 0 and var unflushed)
            {
                Log.Distrusted(log, unflushed);
            }

            // Before anything is queued again: a sweep must not take what a worker has just created in place of what it left behind.
            await retention.SweepAsync(cancellationToken);
            await RecoverAsync(cancellationToken);
        }
        catch (Exception exception) when (
            DatabaseErrors.IsUnavailable(exception) || exception is IOException or UnauthorizedAccessException)
        {
            Log.NotDone(log, exception.Message);
            throw;
        }
    }

    public Task RecoverAsync(CancellationToken cancellationToken) =>
        queue.EnqueueLostAsync<ExportJob>("state IN ('queued', 'building', 'verifying')", cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "重新开始 {Count} 个中断的打包任务")]
        public static partial void Requeued(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "服务器曾意外停机, 重新核对 {Count} 个压缩包")]
        public static partial void Distrusted(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "清理未完成: {Reason}")]
        public static partial void NotDone(ILogger logger, string reason);
    }
}
