using System.Diagnostics;

namespace HeyGemExport.Hosting;

/// <summary>Spans of the app's own work, beside those of requests. Without OpenTelemetry nobody listens, and none is created.</summary>
internal static class Tracing
{
    public const string SourceName = "HeyGemExport";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Null when nobody listens.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);
}
