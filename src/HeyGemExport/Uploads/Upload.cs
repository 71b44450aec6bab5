using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;

namespace HeyGemExport.Uploads;

/// <summary>Where an upload stands: queued → sending → ready, or failed, or cancelled; a failed one can be queued again.</summary>
internal enum UploadState
{
    Queued,
    Sending,
    Ready,

    /// <summary>Ended before all was there; <see cref="Upload.Error"/> says why.</summary>
    Failed,
    Cancelled,
}

internal sealed record Upload : IJobRecord
{
    public required string Id { get; init; }
    public required string ExportId { get; init; }
    public required string Destination { get; init; }

    /// <summary>The bucket, as it was configured when it was asked for.</summary>
    public required string Bucket { get; init; }

    /// <summary>What its keys begin with; may be empty.</summary>
    public required string Prefix { get; init; }
    public required UploadContent What { get; init; }
    public required bool DropLocal { get; init; }
    public required UploadState State { get; init; }

    /// <summary>Bytes of all objects; 0 until it has begun.</summary>
    public long TotalBytes { get; init; }
    public long DoneBytes { get; init; }
    public double? BytesPerSecond { get; init; }
    public double? EtaSeconds { get; init; }
    public required string RequestedBy { get; init; }
    public required string RequestedFrom { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public ExportError? Error { get; init; }
    public int Attempts { get; init; }
    public IReadOnlyList<UploadObject> Objects { get; init; } = [];

    public bool HasEnded => State is UploadState.Ready or UploadState.Failed or UploadState.Cancelled;

    /// <summary>Where it is, as tools take it: the object, or what several objects' keys begin with.</summary>
    public string Address => ObjectKey.Address(
        Bucket,
        Objects is [{ } only, { Source: null }] && What == UploadContent.Archive ? only.Key
        : Objects is [.., { } manifest] ? manifest.Key[..(manifest.Key.LastIndexOf('/') + 1)]
        : Prefix.Length == 0 ? "" : Prefix + "/");

    internal static Upload Of(Export export, Destination destination, UploadRequest choice, Caller caller, DateTimeOffset at) => new()
    {
        Id = ShortId.Create(),
        ExportId = export.Id,
        Destination = destination.Name,
        Bucket = destination.Bucket,
        Prefix = ObjectKey.Join(destination.Prefix, choice.Prefix ?? ""),
        What = choice.What,
        DropLocal = choice.DropLocal ?? destination.DropLocalAfterDelivery,
        State = UploadState.Queued,
        RequestedBy = caller.Who,
        RequestedFrom = caller.From,
        CreatedAt = at,
    };
}

/// <param name="Ordinal">From 0, in the order in which they are sent.</param>
/// <param name="Source">The part of the archive, or the video's path; null for the manifest.</param>
internal sealed record UploadObject(int Ordinal, string Key, string? Source, long Bytes, string Sha256, bool Arrived)
{
    // For the database, which fills the properties.
    private UploadObject()
        : this(0, "", Source: null, 0, "", Arrived: false)
    {
    }

    internal string DeliveryId { get; init; } = "";
    internal string? UploadId { get; init; }
    internal long PartBytes { get; init; }
}

internal abstract record RequestUploadResult
{
    public sealed record Created(Upload Upload) : RequestUploadResult;

    public sealed record Joined(Upload Upload) : RequestUploadResult;

    public sealed record Refused(ExportError Error) : RequestUploadResult;

    public sealed record NotFound : RequestUploadResult;
}

internal enum ChangeUploadResult
{
    Done,
    NotInState,
    NotFound,
}

/// <summary>A link that gives an object to whoever has it.</summary>
/// <param name="Url">The link.</param>
/// <param name="ExpiresAt">Until when.</param>
internal sealed record ObjectLink(string Url, DateTimeOffset ExpiresAt);
