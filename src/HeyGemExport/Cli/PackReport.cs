using HeyGemExport.Exports;
using HeyGemExport.Uploads;

namespace HeyGemExport.Cli;

/// <summary>The JSON that <c>HeyGemExport pack --json</c> writes, documented in <c>docs/shell.md</c>.</summary>
internal sealed record PackReport(
    int ExitCode, int FileCount, long TotalBytes, IReadOnlyList<PackReport.Part> Parts, IReadOnlyList<FileIssue> LeftOut,
    ErrorResponse? Error)
{
    public static PackReport Of(PackOutcome outcome, UploadErrorTexts texts) => new(
        outcome.ExitCode,
        outcome.Export?.FileCount ?? 0,
        outcome.Export?.TotalBytes ?? 0,
        [.. (outcome.Export?.Parts ?? []).Select((part, index) => new Part(
            part.Name,
            outcome.Upload is { } upload ? ObjectKey.Address(upload.Bucket, upload.Objects[index].Key) : part.Path,
            part.Bytes,
            part.Sha256))],
        outcome.Export?.LeftOut ?? [],
        outcome.Error is { } error
            ? new ErrorResponse(error.Code, texts.Message(error, namesFolders: true), texts.Remedy(error), error.Files)
            : null);

    /// <summary>The address is a path, or <c>s3://bucket/key</c>.</summary>
    internal sealed record Part(string Name, string Address, long Bytes, string? Sha256);
}

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
