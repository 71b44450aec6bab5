using System.Globalization;
using System.Text;
using CsvHelper;

namespace HeyGemExport.Archives;

/// <summary><c>metadata.csv</c>: a line for each video (RFC 4180), in UTF-8 with the byte order mark by which Excel knows it.</summary>
/// <remarks>Documented for readers in <c>docs/metadata-csv.md</c>.</remarks>
internal static class MetadataCsv
{
    private const string WantedName = "metadata.csv";

    /// <summary>The batch of files that lie directly in the outputs folder, as the API calls it.</summary>
    private const string Ungrouped = ".";

    private static readonly string[] Columns =
    [
        "archive_path", "original_path", "batch", "tags", "bytes", "sha256", "modified_at", "container", "video_codec", "audio_codec",
        "width", "height", "frame_rate", "duration_seconds", "bit_rate",
    ];

    /// <summary>The name that no video of the archive has.</summary>
    public static string NameFor(ArchiveContract contract) =>
        ArchiveNames.Unused(WantedName, contract.Entries.Select(entry => entry.EntryName));

    /// <summary>The whole of it for the files of one archive.</summary>
    public static byte[] Content(IReadOnlyList<BuiltEntry> built)
    {
        using var content = new MemoryStream();
        content.Write(Encoding.UTF8.Preamble);
        using (var csv = Create(content))
        {
            csv.WriteHeader(Columns);
            foreach (var file in built)
            {
                WriteFields(csv, file.Entry, Convert.ToHexStringLower(file.Sha256));
                csv.EndRecord();
            }
        }

        return content.ToArray();
    }

    /// <summary>Bytes of one file's line. Hashes are all of one length.</summary>
    public static long RowBytes(ContractEntry entry)
    {
        using var content = new MemoryStream();
        using (var csv = Create(content))
        {
            WriteFields(csv, entry, new string('0', 64));
            csv.EndRecord();
        }

        return content.Length;
    }

    /// <summary>Streams the lines of files that are not packed: their hashes are not known.</summary>
    public static async Task WriteAsync(IEnumerable<ContractEntry> entries, Stream target, CancellationToken cancellationToken)
    {
        await target.WriteAsync(Encoding.UTF8.Preamble.ToArray(), cancellationToken);
        await using var csv = Create(target);
        csv.WriteHeader(Columns);
        foreach (var entry in entries)
        {
            WriteFields(csv, entry, sha256: "");
            await csv.EndRecordAsync(cancellationToken);
        }
    }

    private static CsvWriter Create(Stream target) => CsvWriter.Create(target, new CsvWriterOptions(), leaveOpen: true);

    private static void WriteFields(CsvWriter csv, ContractEntry entry, string sha256)
    {
        var metadata = entry.Metadata;
        csv.WriteField(CsvCell.Safe(entry.EntryName));
        csv.WriteField(CsvCell.Safe(entry.Path));
        csv.WriteField(CsvCell.Safe(entry.Path.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? entry.Path[..slash] : Ungrouped));
        csv.WriteField(CsvCell.Safe(metadata?.Tags ?? ""));
        csv.WriteField(Figure(entry.Bytes));
        csv.WriteField(sha256);
        csv.WriteField(entry.ModifiedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        csv.WriteField(metadata?.Container ?? "");
        csv.WriteField(metadata?.VideoCodec ?? "");
        csv.WriteField(metadata?.AudioCodec ?? "");
        csv.WriteField(Figure(metadata?.Width));
        csv.WriteField(Figure(metadata?.Height));
        csv.WriteField(Figure(metadata?.FrameRate));
        csv.WriteField(Figure(metadata?.DurationSeconds));
        csv.WriteField(Figure(metadata?.BitRate));
    }

    private static string Figure(IFormattable? figure) => figure?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
