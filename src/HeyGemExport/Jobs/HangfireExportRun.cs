using Hangfire;
using Hangfire.Server;
using HeyGemExport.Exports;

namespace HeyGemExport.Jobs;

/// <summary>What Hangfire runs.</summary>
internal sealed class HangfireExportRun(ExportJob job, ExportService exports, ExportErrorTexts texts, RunningExports running)
{
    /// <summary>Runs the export, and ends as the export has ended, so that the dashboard shows it in the right place.</summary>
    /// <returns>The state that the export was left in.</returns>
    [AutomaticRetry(Attempts = 0, LogEvents = false)] // the record owns retries, and the run log has the reason
    [JobDisplayName("Export {0}")]
    public async Task<string> RunAsync(string exportId, CancellationToken cancellationToken)
    {
        using var run = running.Begin(exportId, cancellationToken);
        await job.RunAsync(exportId, run.Token);
        if (run.WasStopped)
        {
            throw new JobAbortedException();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return await exports.FindAsync(exportId, CancellationToken.None) switch
        {
            { State: ExportState.Failed, Error: { } error } => throw new ExportFailedException(texts.ForRunLog(error)),
            { } export => export.State.ToString(),
            null => "There is no such export.",
        };
    }
}
