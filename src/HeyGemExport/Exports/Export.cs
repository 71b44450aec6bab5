using System.Buffers;
using System.Security.Cryptography;
using HeyGemExport.Archives;
using HeyGemExport.Jobs;
using HeyGemExport.Library;

namespace HeyGemExport.Exports;

/// <summary>Where an export stands: queued → building → verifying → ready, or failed, or cancelled; a ready one becomes expired.</summary>
internal enum ExportState
{
    Queued,
    Building,
    Verifying,
    Ready,

    /// <summary>Ended without an archive; <see cref="Export.Error"/> says why.</summary>
    Failed,
    Cancelled,
    Expired,
}

/// <summary>Why a request was refused or an export failed.</summary>
/// <param name="Code">Stable; a text with the key <c>Error.&lt;code&gt;</c> exists in each language.</param>
internal sealed record ExportError(string Code, IReadOnlyList<string>? Args = null, IReadOnlyList<FileIssue>? Files = null);

/// <summary>One file and why it is left out or cannot be packed.</summary>
/// <param name="Path">Relative to the outputs folder.</param>
/// <param name="Reason">Stable code; a text with the key <c>FileIssue.&lt;reason&gt;</c> exists in each language.</param>
internal sealed record FileIssue(string Path, string Reason);

internal sealed record Export : IJobRecord
{
    public required string Id { get; init; }
    public required ExportState State { get; init; }
    public required int FileCount { get; init; }

    /// <summary>Source bytes in the contract.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>The most bytes that its archives can take in the temp directory.</summary>
    public long RequiredBytes { get; init; }

    /// <summary>Files packed so far; all of them from verifying on.</summary>
    public int DoneFiles { get; init; }

    /// <summary>Source bytes packed so far; all of them from verifying on.</summary>
    public long DoneBytes { get; init; }
    public long VerifiedBytes { get; init; }
    public double? BytesPerSecond { get; init; }

    /// <summary>Seconds until it is ready, as far as can be told.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>The name of its file in the temp directory.</summary>
    public required string ArchiveName { get; init; }

    /// <summary>What whoever looks calls it; null to name it after its content.</summary>
    public string? Title { get; init; }

    /// <summary>Null for exports of earlier versions.</summary>
    public ExportContent? Content { get; init; }

    public IReadOnlyList<ArchivePart> Parts { get; init; } = [];

    /// <summary>Length of all archives together, once ready.</summary>
    public long? ArchiveBytes => Parts.Count == 0 ? null : Parts.Sum(part => part.Bytes);

    /// <summary>What its archives take in the temp directory.</summary>
    public long TempBytes => Parts.Sum(part => part.IsInstant ? 0 : part.Bytes);

    /// <summary>Whether it is ready without having been packed.</summary>
    public bool IsInstant => Parts.Count > 0 && Parts.All(part => part.IsInstant);

    /// <summary>The archive's SHA-256 in lower-case hex, a while after it is ready; null for a set of several.</summary>
    public string? ArchiveSha256 => Parts.Count == 1 ? Parts[0].Sha256 : null;

    /// <summary>What was promised and left out because it failed, as the person chose.</summary>
    public IReadOnlyList<FileIssue> LeftOut { get; init; } = [];
    public required string RequestedBy { get; init; }
    public required string RequestedFrom { get; init; }
    public required Selection Selection { get; init; }
    public required PackOptions Options { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last put into the queue: at its confirmation, or when somebody retried it.</summary>
    public DateTimeOffset QueuedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The process that works on it, or did: <c>machine/number</c>. Null before the first.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>How often it has been claimed: <see cref="ArchiveFolder.FreePathFor"/>.</summary>
    public long Claim { get; init; }
    public int Attempts { get; init; }

    /// <summary>Until when its archive was promised to somebody; null when it was not.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The run of the machine (<see cref="FileSystem.BootId"/>) in which its archives were published, while they may not be on the
    /// disk yet.</summary>
    public string? UnflushedBoot { get; init; }

    public bool OverSoftLimit { get; init; }
    public ExportError? Error { get; init; }

    /// <summary>Whether its archives were written by a run of the machine that ended before they were known to be on the disk.</summary>
    public bool MayBeDamaged =>
        UnflushedBoot is not null && !string.Equals(UnflushedBoot, FileSystem.BootId.Current, StringComparison.Ordinal);

    /// <summary>Whether nothing about it changes by itself any more but its expiry.</summary>
    public bool IsSettled => HasEnded && (State != ExportState.Ready || Parts.All(part => part.Sha256 is not null));

    public bool HasEnded => State is ExportState.Ready or ExportState.Failed or ExportState.Cancelled or ExportState.Expired;
}

/// <summary>One archive of a ready export, numbered from 1, at its path on the node that built it.</summary>
/// <param name="Sha256">Lower-case hex; null until it has been computed.</param>
/// <param name="Path">Empty for an instant archive, which is read from its sources.</param>
internal sealed record ArchivePart(int Number, string Name, string Path, int FileCount, long Bytes, string? Sha256)
{
    public bool IsInstant => Path.Length == 0;

    /// <summary>Of its file when it was verified (<see cref="ArchiveFiles.IdentityOf(string)"/>); null for archives of earlier versions
    /// that nobody has asked for since.</summary>
    public string? Identity { get; init; }

    /// <summary>Whether this node can hand it over.</summary>
    public bool IsHere => IsInstant || File.Exists(Path);
}

/// <summary>A file whose name in the archive is not its own.</summary>
/// <param name="Path">Relative to the outputs folder.</param>
/// <param name="Name">In the archive.</param>
internal sealed record RenamedFile(string Path, string Name);

internal sealed record ExportPreview(
    int FileCount,
    long TotalBytes,
    IReadOnlyList<FileIssue> LeftOut,
    long RequiredTempBytes,
    long FreeTempBytes,
    double EstimatedSeconds)
{
    /// <summary>Why it cannot be confirmed now, or null.</summary>
    public ExportError? Refusal { get; init; }

    /// <summary>What would be packed, by path.</summary>
    public IReadOnlyList<ContractEntry> Entries { get; init; } = [];

    public IReadOnlyList<RenamedFile> Renamed { get; init; } = [];
    public int PartCount { get; init; } = 1;

    /// <summary>Whether it can be downloaded at once, without being packed.</summary>
    public bool CanBeInstant { get; init; }

    /// <summary>The batches of the selection that still lack something by their task lists, newest first.</summary>
    public IReadOnlyList<BatchSummary> Incomplete { get; init; } = [];
}

internal abstract record RequestExportResult
{
    /// <summary>The export that holds what was asked for; null when it was refused.</summary>
    public Export? Recorded => this switch
    {
        Created created => created.Export,
        Joined joined => joined.Export,
        _ => null,
    };

    public sealed record Created(Export Export) : RequestExportResult;

    public sealed record Joined(Export Export) : RequestExportResult;

    public sealed record Refused(ExportError Error) : RequestExportResult;
}

internal enum CancelExportResult
{
    Accepted,

    /// <summary>Others wait for it, too: it goes on for them, and is no longer the caller's.</summary>
    Left,
    AlreadyFinished,
    NotFound,
}

internal abstract record RetryExportResult
{
    /// <summary>The same record with the same contract waits for a worker.</summary>
    public sealed record Queued(Export Export) : RetryExportResult;

    public sealed record AlreadyLive(Export Live) : RetryExportResult;

    public sealed record NotRetryable : RetryExportResult;

    public sealed record Refused(ExportError Error) : RetryExportResult;

    public sealed record NotFound : RetryExportResult;
}

/// <summary>Ids of exports: opaque, safe in a file name and an address, not to be guessed.</summary>
internal static class ShortId
{
    private const int Length = 12;

    // RFC 4648 base 32 in lower case: no two characters that differ only by case.
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>A new id of 60 random bits.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Alphabet, Length);

    public static bool IsValid(string? text) => text is { Length: Length } && !text.AsSpan().ContainsAnyExcept(Characters);
}
