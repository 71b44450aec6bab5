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

    /// <summary>128 and the number of SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;

    /// <summary>Of an error while packing.</summary>
    public static int Of(ExportError error) => error.Code switch
    {
        "nothing-selected" or "nothing-new" or "not-packable" => NothingSelected,
        "disk-full" or "not-enough-space" => NoSpace,
        "unknown-destination" or "bad-prefix" or "target-exists" => Usage,
        _ => Failed,
    };
}

/// <summary>What became of it, for people and for programs.</summary>
/// <param name="ExitCode">One of <see cref="PackExit"/>.</param>
/// <param name="Export">What was packed, or null.</param>
/// <param name="Delivery">Where it is, when it was sent; else null.</param>
/// <param name="Error">What went wrong, or null.</param>
internal sealed record PackOutcome(int ExitCode, Export? Export = null, Upload? Delivery = null, ExportError? Error = null);
