using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Exports;

/// <summary>An export as the API answers it.</summary>
/// <param name="State"><c>queued</c>, <c>building</c>, <c>verifying</c>, <c>ready</c>, <c>failed</c>, <c>cancelled</c> or
/// <c>expired</c>.</param>
/// <param name="FileCount">Files in the contract.</param>
/// <param name="TotalBytes">Source bytes in the contract.</param>
/// <param name="DoneFiles">Files packed so far.</param>
/// <param name="DoneBytes">Source bytes packed so far.</param>
/// <param name="VerifiedBytes">Source bytes verified so far, while verifying.</param>
/// <param name="EtaSeconds">Seconds until it is ready, as far as can be told.</param>
/// <param name="ArchiveName">The archive's file name.</param>
/// <param name="DownloadName">The name under which it is downloaded: what the caller called it, or else after its content, in the
/// language of the request.</param>
/// <param name="Content">The first batches and files of the contract; null for exports of earlier versions.</param>
/// <param name="ArchiveBytes">The archive's length, once ready.</param>
/// <param name="ArchiveSha256">The archive's SHA-256, some time after it is ready; null until then.</param>
/// <param name="DownloadUrl">Where the archive is to be had, once ready; null for a set of several.</param>
/// <param name="Parts">The archives, once ready.</param>
/// <param name="LeftOut">What was promised and left out because it failed, as the person chose.</param>
/// <param name="CreatedAt">When it was confirmed.</param>
/// <param name="StartedAt">When packing began.</param>
/// <param name="ExpiresAt">When its archive will be removed, if nobody uses it before.</param>
/// <param name="Delivery"><c>packed</c>, or <c>instant</c> for an archive that is read from the videos while it is downloaded.</param>
/// <param name="OverSoftLimit">Whether it has taken longer than the soft limit.</param>
internal sealed record ExportResponse(
    string Id, string State,
    int FileCount, long TotalBytes, int DoneFiles, long DoneBytes, long VerifiedBytes,
    string ArchiveName, IReadOnlyList<PartResponse> Parts, IReadOnlyList<FileIssue> LeftOut,
    string RequestedBy, DateTimeOffset CreatedAt, bool OverSoftLimit,
    double? BytesPerSecond = null, double? EtaSeconds = null,
    long? ArchiveBytes = null, string? ArchiveSha256 = null, string? DownloadUrl = null,
    DateTimeOffset? StartedAt = null, DateTimeOffset? FinishedAt = null, DateTimeOffset? ExpiresAt = null,
    ErrorResponse? Error = null, string Delivery = "packed", string? DownloadName = null, ExportContent? Content = null)
{
    public static ExportResponse Of(Export export, ExportErrorTexts texts, ExportNames names) => new(
        export.Id, export.State.ToString().ToLowerInvariant(),
        export.FileCount, export.TotalBytes, export.DoneFiles, export.DoneBytes, export.VerifiedBytes,
        export.ArchiveName, [.. export.Parts.Select(part => PartResponse.Of(export, part, texts))], export.LeftOut,
        export.RequestedBy, export.CreatedAt, export.OverSoftLimit,
        export.BytesPerSecond, export.EtaSeconds,
        export.ArchiveBytes, export.ArchiveSha256,
        export is { State: ExportState.Ready, Parts.Count: 1 } ? texts.Address($"/exports/{export.Id}/download") : null,
        export.StartedAt, export.FinishedAt, export.ExpiresAt,
        export.Error is null ? null : ErrorResponse.Of(export.Error, texts),
        export.IsInstant ? "instant" : "packed",
        names.FileName(export), export.Content);
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
    internal static PartResponse Of(Export export, ArchivePart part, ExportErrorTexts texts) => new(
        part.Number, part.Name, part.FileCount, part.Bytes, part.Sha256, export.State == ExportState.Ready
            ? texts.Address($"/exports/{export.Id}/parts/{part.Number}/download")
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
/// <param name="CanBeInstant">Whether <c>delivery: "instant"</c> would be accepted.</param>
/// <param name="IncompleteBatches">The batches of the selection that still lack something by their task lists, or whose list cannot be
/// read; newest first.</param>
internal sealed record PreviewResponse(
    int FileCount, long TotalBytes, IReadOnlyList<FileIssue> LeftOut,
    long RequiredTempBytes, long FreeTempBytes, double EstimatedSeconds,
    IReadOnlyList<RenamedFile> Renamed, int PartCount, ErrorResponse? Refusal, IReadOnlyList<BatchItem> IncompleteBatches,
    bool CanBeInstant);

/// <summary>One page of exports, newest first.</summary>
internal sealed record ExportListResponse(IReadOnlyList<ExportResponse> Items, int Total, int Page, int PageSize);

/// <param name="Name">What the caller calls it; empty to name it after its content.</param>
internal sealed record ExportNameBody(string? Name);

/// <summary>The body of a request to preview or to pack.</summary>
/// <param name="Selection">What to pack.</param>
/// <param name="Options">How; absent for the defaults.</param>
/// <param name="Deliver">Where it goes when it is ready; absent to leave it here. Not looked at in a preview.</param>
internal sealed record ExportRequestBody(Selection? Selection, PackOptions? Options, UploadRequest? Deliver = null);
