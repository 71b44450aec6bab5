using System.CommandLine;
using HeyGemExport.Health;

namespace HeyGemExport.Cli;

internal static class CheckCommand
{
    private const int Gap = 2;

    public static Command Create(IServiceProvider services, IStringLocalizer texts)
    {
        var command = new Command("check") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(async (_, cancellationToken) =>
        {
            var results = await services.GetRequiredService<SystemCheck>().RunAsync(cancellationToken);
            Write(results, services.GetRequiredService<HealthTexts>());
            var worst = results.Max(result => result.State);
            Console.Out.WriteLine(texts[worst switch
            {
                CheckState.Ok => "Cli.ready",
                CheckState.Degraded => "Cli.degraded",
                _ => "Cli.failed",
            }]);
            return worst == CheckState.Failed ? 1 : 0;
        });
        return command;
    }

    private static void Write(IReadOnlyList<CheckResult> results, HealthTexts texts)
    {
        var stateWidth = results.Max(result => Columns(texts.State(result.State))) + Gap;
        var nameWidth = results.Max(result => Columns(texts.Name(result))) + Gap;
        foreach (var result in results)
        {
            Console.Out.WriteLine(
                "  " + Padded(texts.State(result.State), stateWidth) + Padded(texts.Name(result), nameWidth) + texts.Message(result));
            if (texts.Remedy(result) is { } remedy)
            {
                Console.Out.WriteLine(new string(' ', 2 + stateWidth + nameWidth) + "→ " + remedy);
            }
        }
    }

    private static string Padded(string text, int columns) => text + new string(' ', columns - Columns(text));

    // A terminal shows Chinese characters two columns wide.
    private static int Columns(string text) => text.EnumerateRunes().Sum(rune => rune.Value >= 0x2e80 ? 2 : 1);
}
