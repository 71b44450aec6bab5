using System.Text;
using CsvHelper;
using HeyGemExport.Localization;

namespace HeyGemExport.Archives;

/// <summary>RFC 4180, in UTF-8 with the byte order mark by which Excel recognizes it; documented in <c>docs/metadata-csv.md</c>.</summary>
internal static class MetadataCsv
{
    private const string Ungrouped = ".";

    private static readonly string[] Columns =
    [
        "archive_path", "original_path", "batch", "tags", "bytes", "sha256", "modified_at", "container", "video_codec", "audio_codec",
        "width", "height", "frame_rate", "duration_seconds", "bit_rate",
    ];

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

    // Excel runs a cell that begins like a formula (OWASP, "CSV Injection").
    private static CsvWriter Create(Stream target) =>
        CsvWriter.Create(target, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true);

    private static void WriteFields(CsvWriter csv, ContractEntry entry, string sha256)
    {
        var metadata = entry.Metadata;
        csv.WriteField(UnsafeText.ForSpreadsheet(entry.EntryName));
        csv.WriteField(UnsafeText.ForSpreadsheet(entry.Path));
        var slash = entry.Path.IndexOf('/', StringComparison.Ordinal);
        csv.WriteField(UnsafeText.ForSpreadsheet(slash >= 0 ? entry.Path[..slash] : Ungrouped));
        csv.WriteField(UnsafeText.ForSpreadsheet(metadata?.Tags ?? ""));
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
