using System.Diagnostics.Metrics;
using System.Text;

namespace HeyGemExport.Telemetry;

/// <summary>What Prometheus calls a kind of figure.</summary>
internal enum MetricKind
{
    /// <summary>Only rises, until the process ends.</summary>
    Counter,

    /// <summary>Rises and falls, told as a whole.</summary>
    Gauge,

    /// <summary>Rises and falls, told by how much; a gauge to Prometheus.</summary>
    UpDownCounter,

    /// <summary>Counts values by size.</summary>
    Histogram,
}

/// <summary>How instruments of .NET are called in Prometheus.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/: dots become underscores, the unit
/// is spelled out at the end, and a counter ends in <c>_total</c>.</remarks>
internal static class MetricNames
{
    /// <summary>The instrument's kind, and whether its values are asked for instead of told.</summary>
    public static (MetricKind Kind, bool Observed) KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return definition switch
        {
            _ when definition == typeof(Histogram<>) => (MetricKind.Histogram, false),
            _ when definition == typeof(Counter<>) => (MetricKind.Counter, false),
            _ when definition == typeof(ObservableCounter<>) => (MetricKind.Counter, true),
            _ when definition == typeof(UpDownCounter<>) => (MetricKind.UpDownCounter, false),
            _ => (MetricKind.Gauge, instrument.IsObservable),
        };
    }

    /// <summary>The name of the instrument's family.</summary>
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = new StringBuilder();
        foreach (var character in instrument.Name)
        {
            name.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        }

        AppendEnding(name, UnitOf(instrument.Unit));
        AppendEnding(name, kind == MetricKind.Counter ? "total" : "");
        return name.ToString();
    }

    private static void AppendEnding(StringBuilder name, string ending)
    {
        if (ending.Length > 0 && !name.ToString().EndsWith('_' + ending, StringComparison.Ordinal))
        {
            name.Append('_').Append(ending);
        }
    }

    // What stands in braces, such as {request}, only annotates (https://ucum.org/ucum#section-Curly-Braces).
    private static string UnitOf(string? unit) => unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "1" => "ratio",
        _ => "",
    };
}
