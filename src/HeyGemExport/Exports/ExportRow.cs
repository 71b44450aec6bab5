using HeyGemExport.Data;

namespace HeyGemExport.Exports;

/// <summary>An export as the database holds it.</summary>
internal sealed class ExportRow
{
    public string Id { get; set; } = "";

    public string State { get; set; } = "";

    public string SelectionJson { get; set; } = "";

    public string OptionsJson { get; set; } = "";

    public long FileCount { get; set; }

    public long TotalBytes { get; set; }

    public long RequiredBytes { get; set; }

    public long DoneFiles { get; set; }

    public long DoneBytes { get; set; }

    public string ArchiveName { get; set; } = "";

    public string? LeftOutJson { get; set; }

    public string RequestedBy { get; set; } = "";

    public string RequestedFrom { get; set; } = "";

    public long CreatedAt { get; set; }

    public long? QueuedAt { get; set; }

    public long? StartedAt { get; set; }

    public long? FinishedAt { get; set; }

    public long? LastUsedAt { get; set; }

    public long? KeptUntil { get; set; }

    public string? ClaimedBy { get; set; }

    public string? ErrorJson { get; set; }

    public static string Stored(ExportState state) => state switch
    {
        ExportState.Queued => "queued",
        ExportState.Building => "building",
        ExportState.Verifying => "verifying",
        ExportState.Ready => "ready",
        ExportState.Failed => "failed",
        ExportState.Cancelled => "cancelled",
        ExportState.Expired => "expired",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public Export ToExport(TimeSpan retention, IReadOnlyList<ArchivePart> parts) => new()
    {
        Id = Id,
        State = Enum.Parse<ExportState>(State, ignoreCase: true),
        FileCount = (int)FileCount,
        TotalBytes = TotalBytes,
        RequiredBytes = RequiredBytes,
        DoneFiles = (int)DoneFiles,
        DoneBytes = DoneBytes,
        ArchiveName = ArchiveName,
        Parts = parts,
        LeftOut = LeftOutJson is null ? [] : ExportJson.Read<FileIssue[]>(LeftOutJson),
        RequestedBy = RequestedBy,
        RequestedFrom = RequestedFrom,
        Selection = ExportJson.Read<Selection>(SelectionJson),
        Options = ExportJson.Read<PackOptions>(OptionsJson),
        CreatedAt = CreatedAt.ToTime(),
        QueuedAt = (QueuedAt ?? CreatedAt).ToTime(),
        StartedAt = StartedAt.ToTime(),
        FinishedAt = FinishedAt.ToTime(),
        LastUsedAt = LastUsedAt.ToTime(),
        ClaimedBy = ClaimedBy,
        KeptUntil = KeptUntil.ToTime(),
        ExpiresAt = State is "ready" ? Latest(LastUsedAt.ToTime() + retention, KeptUntil.ToTime()) : null,
        Error = ErrorJson is null ? null : ExportJson.Read<ExportError>(ErrorJson),
    };

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
}
