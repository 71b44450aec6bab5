using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Exports;

/// <summary>An export as the API answers it.</summary>
internal sealed record ExportResponse
{
    public required string Id { get; init; }

    /// <summary>
    /// <c>queued</c>, <c>building</c>, <c>verifying</c>, <c>ready</c>, <c>failed</c>, <c>cancelled</c> or <c>expired</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Files in the contract.</summary>
    public required int FileCount { get; init; }

    /// <summary>Source bytes in the contract.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Files packed so far.</summary>
    public required int DoneFiles { get; init; }

    /// <summary>Source bytes packed so far.</summary>
    public required long DoneBytes { get; init; }

    /// <summary>Source bytes verified so far, while verifying.</summary>
    public required long VerifiedBytes { get; init; }
    public double? BytesPerSecond { get; init; }

    /// <summary>Seconds until it is ready, as far as can be told.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>The archive's file name.</summary>
    public required string ArchiveName { get; init; }

    /// <summary>The archive's length, once ready.</summary>
    public long? ArchiveBytes { get; init; }

    /// <summary>The archive's SHA-256, some time after it is ready; null until then.</summary>
    public string? ArchiveSha256 { get; init; }

    /// <summary>Where the archive is to be had, once ready; null for a set of several.</summary>
    public string? DownloadUrl { get; init; }

    /// <summary>The archives, once ready.</summary>
    public required IReadOnlyList<PartResponse> Parts { get; init; }

    /// <summary>What was promised and left out because it failed, as the person chose.</summary>
    public required IReadOnlyList<FileIssue> LeftOut { get; init; }
    public required string RequestedBy { get; init; }

    /// <summary>When it was confirmed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When packing began.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When its archive will be removed, if nobody uses it before.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it has taken longer than the soft limit.</summary>
    public required bool OverSoftLimit { get; init; }
    public ErrorResponse? Error { get; init; }

    public static ExportResponse Of(Export export, ExportErrorTexts texts) => new ExportResponse
    {
        Id = export.Id,
        State = export.State.ToString().ToLowerInvariant(),
        FileCount = export.FileCount,
        TotalBytes = export.TotalBytes,
        DoneFiles = export.DoneFiles,
        DoneBytes = export.DoneBytes,
        VerifiedBytes = export.VerifiedBytes,
        BytesPerSecond = export.BytesPerSecond,
        EtaSeconds = export.EtaSeconds,
        ArchiveName = export.ArchiveName,
        ArchiveBytes = export.ArchiveBytes,
        ArchiveSha256 = export.ArchiveSha256,
        DownloadUrl = export is { State: ExportState.Ready, Parts.Count: 1 } ? $"/exports/{export.Id}/download" : null,
        Parts = [.. export.Parts.Select(part => PartResponse.Of(export, part))],
        LeftOut = export.LeftOut,
        RequestedBy = export.RequestedBy,
        CreatedAt = export.CreatedAt,
        StartedAt = export.StartedAt,
        FinishedAt = export.FinishedAt,
        ExpiresAt = export.ExpiresAt,
        OverSoftLimit = export.OverSoftLimit,
        Error = export.Error is null ? null : ErrorResponse.Of(export.Error, texts),
    };
}

/// <summary>One archive of a ready export.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">Its file name.</param>
/// <param name="FileCount">Files in it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, some time after it is ready; null until then.</param>
/// <param name="DownloadUrl">Where it is to be had; null once it has been removed.</param>
internal sealed record PartResponse(int Number, string Name, int FileCount, long Bytes, string? Sha256, string? DownloadUrl)
{
    internal static PartResponse Of(Export export, ArchivePart part) => new(
        part.Number, part.Name, part.FileCount, part.Bytes, part.Sha256, export.State == ExportState.Ready
            ? $"/exports/{export.Id}/parts/{part.Number}/download"
            : null);
}

/// <summary>Why an export failed or cannot be confirmed.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Message">What happened, in the language of the request.</param>
/// <param name="Remedy">What to do about it, in the language of the request.</param>
/// <param name="Files">The files concerned.</param>
internal sealed record ErrorResponse(string Code, string Message, string Remedy, IReadOnlyList<FileIssue>? Files)
{
    internal static ErrorResponse Of(ExportError error, ExportErrorTexts texts) =>
        new(error.Code, texts.Message(error), texts.Remedy(error), error.Files);
}

/// <summary>What an export would pack, as the API answers it.</summary>
/// <param name="FileCount">Files.</param>
/// <param name="TotalBytes">Source bytes.</param>
/// <param name="LeftOut">Files of the selection that would not be packed, and why.</param>
/// <param name="RequiredTempBytes">Space that the archive needs in the temp directory.</param>
/// <param name="FreeTempBytes">Space that is free there.</param>
/// <param name="EstimatedSeconds">Expected time to pack.</param>
/// <param name="Renamed">Files whose names have to change to open everywhere.</param>
/// <param name="PartCount">How many archives it would be.</param>
/// <param name="Refusal">Why it cannot be confirmed now; null when it can.</param>
/// <param name="IncompleteBatches">The batches of the selection that still lack something by their task lists, or whose list cannot be
/// read; newest first.</param>
internal sealed record PreviewResponse(
    int FileCount,
    long TotalBytes,
    IReadOnlyList<FileIssue> LeftOut,
    long RequiredTempBytes,
    long FreeTempBytes,
    double EstimatedSeconds,
    IReadOnlyList<RenamedFile> Renamed,
    int PartCount,
    ErrorResponse? Refusal,
    IReadOnlyList<BatchItem> IncompleteBatches);

/// <summary>One page of exports, newest first.</summary>
internal sealed record ExportListResponse(IReadOnlyList<ExportResponse> Items, int Total, int Page, int PageSize);

/// <summary>The body of a request to preview or to pack.</summary>
/// <param name="Selection">What to pack.</param>
/// <param name="Options">How; absent for the defaults.</param>
/// <param name="Deliver">Where it goes when it is ready; absent to leave it here. Not looked at in a preview.</param>
internal sealed record ExportRequestBody(Selection? Selection, PackOptions? Options, UploadRequest? Deliver = null);
