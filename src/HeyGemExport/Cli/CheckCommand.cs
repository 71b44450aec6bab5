using System.CommandLine;
using HeyGemExport.Health;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Cli;

/// <summary><c>HeyGemExport check</c>: the start-up checks without the server.</summary>
internal static class CheckCommand
{
    public static Command Create(IServiceProvider services)
    {
        var command = new Command("check") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((_, cancellationToken) => RunAsync(services, cancellationToken));
        return command;
    }

    /// <returns>0; 1 when a check failed.</returns>
    private static async Task<int> RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var results = await services.GetRequiredService<SystemCheck>().RunAsync(cancellationToken);
        CheckReport.Write(Console.Out, results, services.GetRequiredService<CheckTexts>());
        var worst = results.Max(result => result.State);
        var verdict = worst switch
        {
            CheckState.Ok => "Cli.ready",
            CheckState.Degraded => "Cli.degraded",
            _ => "Cli.failed",
        };
        await Console.Out.WriteLineAsync(services.GetRequiredService<IStringLocalizer<HealthTexts>>()[verdict].Value.AsMemory(), cancellationToken);
        return worst == CheckState.Failed ? 1 : 0;
    }
}
