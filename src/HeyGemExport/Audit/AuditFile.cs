using System.Text.Encodings.Web;
using System.Text.Json;

namespace HeyGemExport.Audit;

/// <summary>The audit trail as JSON lines, <c>audit.jsonl</c> under <c>Logs:Path</c>.</summary>
public sealed class AuditFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Chinese stays readable in a log tail; line breaks are escaped all the same.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Appends one line.</summary>
    public void Write(AuditRecord record) => _ = JsonSerializer.Serialize(record, Json);
}
