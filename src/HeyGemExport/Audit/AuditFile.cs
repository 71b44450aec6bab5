using System.Text.Encodings.Web;
using System.Text.Json;
using HeyGemExport.FileSystem;

namespace HeyGemExport.Audit;

/// <summary>The audit trail as JSON lines, <c>audit.jsonl</c> under <c>Logs:Path</c>.</summary>
internal sealed class AuditFile(LogFolder logs)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Chinese stays readable in a log tail; line breaks are escaped all the same.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly RollingTextFile lines = logs.Open("audit.jsonl");

    /// <summary>Appends one line. Never throws for what the file system does.</summary>
    public void Write(AuditRecord record) => lines.WriteLine(JsonSerializer.Serialize(record, Json));
}
