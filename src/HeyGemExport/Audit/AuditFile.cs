using System.Text.Json;
using HeyGemExport.Api;
using HeyGemExport.FileSystem;

namespace HeyGemExport.Audit;

/// <summary>The audit trail as JSON lines, <c>audit.jsonl</c> under <c>Logs:Path</c>.</summary>
internal sealed class AuditFile(LogFolder logs)
{
    private readonly RollingTextFile lines = logs.Open("audit.jsonl");

    /// <summary>Appends one line. Never throws for file system errors.</summary>
    public void Write(AuditRecord record) => lines.WriteLine(JsonSerializer.Serialize(record, ApiJson.Options));
}
