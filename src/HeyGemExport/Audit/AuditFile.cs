using System.Text.Json;
using HeyGemExport.Api;
using HeyGemExport.FileSystem;

namespace HeyGemExport.Audit;

/// <summary>The audit trail as JSON lines, <c>audit.jsonl</c> under <c>Logs:Path</c>.</summary>
internal sealed class AuditFile(LogFolder logs)
{
    private readonly RollingTextFile lines = logs.Open("audit.jsonl");

    public void Write(AuditRecord record) => lines.WriteLine(JsonSerializer.Serialize(record, ApiJson.Options));
}
