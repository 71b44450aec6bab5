using HeyGemExport.Data;
using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

/// <summary>A delivery as the database holds it.</summary>
internal sealed class UploadRow
{
    public string Id { get; set; } = "";

    public string ExportId { get; set; } = "";

    public string Destination { get; set; } = "";

    public string Bucket { get; set; } = "";

    public string Prefix { get; set; } = "";

    public string What { get; set; } = "";

    public long DropLocal { get; set; }

    public string State { get; set; } = "";

    public long TotalBytes { get; set; }

    public long DoneBytes { get; set; }

    public string RequestedBy { get; set; } = "";

    public string RequestedFrom { get; set; } = "";

    public long CreatedAt { get; set; }

    public long? StartedAt { get; set; }

    public long? FinishedAt { get; set; }

    public long Attempts { get; set; }

    public string? ErrorJson { get; set; }

    public static string Stored<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public Upload ToRecord(IEnumerable<ObjectRow> objects) => new()
    {
        Id = Id,
        ExportId = ExportId,
        Destination = Destination,
        Bucket = Bucket,
        Prefix = Prefix,
        What = Enum.Parse<UploadContent>(What, ignoreCase: true),
        DropLocal = DropLocal != 0,
        State = Enum.Parse<UploadState>(State, ignoreCase: true),
        TotalBytes = TotalBytes,
        DoneBytes = DoneBytes,
        RequestedBy = RequestedBy,
        RequestedFrom = RequestedFrom,
        CreatedAt = CreatedAt.ToTime(),
        StartedAt = StartedAt.ToTime(),
        FinishedAt = FinishedAt.ToTime(),
        Attempts = (int)Attempts,
        Error = ErrorJson is null ? null : ExportJson.Read<ExportError>(ErrorJson),
        Objects = [.. objects.Select(row => row.ToObject())],
    };

    /// <summary>One of its objects.</summary>
    internal sealed class ObjectRow
    {
        public string DeliveryId { get; set; } = "";

        public long Ordinal { get; set; }

        public string Key { get; set; } = "";

        public string? Source { get; set; }

        public long Bytes { get; set; }

        public string Sha256 { get; set; } = "";

        public string? UploadId { get; set; }

        public long? PartBytes { get; set; }

        public long Arrived { get; set; }

        public UploadObject ToObject() => new((int)Ordinal, Key, Source, Bytes, Sha256, Arrived != 0) { UploadId = UploadId, PartBytes = PartBytes ?? 0 };
    }
}
