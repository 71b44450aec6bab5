using HeyGemExport.Exports;
using HeyGemExport.Uploads;

namespace HeyGemExport.Cli;

/// <summary>The exit codes of <c>HeyGemExport pack</c>, documented in <c>docs/shell.md</c>.</summary>
internal static class PackExit
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = CommandLine.UsageError;
    public const int NothingSelected = 3;
    public const int NoSpace = 4;
    public const int NotDelivered = 5;

    /// <summary>128 plus the number of SIGINT, as in shells.</summary>
    public const int Cancelled = 130;

    public static int Of(ExportError error) => error.Code switch
    {
        "nothing-selected" or "nothing-new" or "not-packable" => NothingSelected,
        "disk-full" or "not-enough-space" => NoSpace,
        "unknown-destination" or "bad-prefix" or "target-exists" => Usage,
        _ => Failed,
    };
}

internal sealed record PackOutcome(int ExitCode, Export? Export = null, Upload? Upload = null, ExportError? Error = null);
