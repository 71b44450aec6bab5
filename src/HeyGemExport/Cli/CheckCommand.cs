using HeyGemExport.Health;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Cli;

/// <summary><c>HeyGemExport check</c>: the start-up checks without the server.</summary>
internal static class CheckCommand
{
    /// <summary>Runs every check and writes a table.</summary>
    /// <returns>0; 1 when a check failed.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output, CancellationToken cancellationToken)
    {
        var texts = services.GetRequiredService<IStringLocalizer<HealthTexts>>();
        var results = await services.GetRequiredService<SystemCheck>().RunAsync(cancellationToken);
        var worst = results.Max(result => result.State);
        CheckReport.Write(output, results, services.GetRequiredService<CheckTexts>());
        var verdict = texts[worst switch
        {
            CheckState.Ok => "Cli.ready",
            CheckState.Degraded => "Cli.degraded",
            _ => "Cli.failed",
        }];
        await output.WriteLineAsync(verdict.Value.AsMemory(), cancellationToken);
        return worst == CheckState.Failed ? 1 : 0;
    }
}
