using System.Diagnostics.Metrics;

namespace HeyGemExport.Telemetry;

/// <summary>Names, labels and numbers in the text format of Prometheus, version 0.0.4.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format. Names follow
/// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/: dots become underscores, the unit is spelled out
/// at the end, and a counter ends in <c>_total</c>.</remarks>
internal static class ExpositionFormat
{
    public static string Name(Instrument instrument, bool isCounter)
    {
        // Units in braces, such as {request}, are only annotations (https://ucum.org/ucum#section-Curly-Braces).
        var unit = instrument.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", "1" => "_ratio", _ => "" };
        var name = Sanitize(instrument.Name);
        name = name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
        return !isCounter || name.EndsWith("_total", StringComparison.Ordinal) ? name : name + "_total";
    }

    /// <summary><c>{a="1",b="2"}</c> ordered by name; empty without tags. The last of tags with the same name counts.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (tag, value) in tags)
        {
            var name = Sanitize(tag);
            labels[char.IsAsciiDigit(name[0]) ? "_" + name : name] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }

        return tags.IsEmpty ? "" : '{' + string.Join(',', labels.Select(label => $"{label.Key}=\"{EscapeLabel(label.Value)}\"")) + '}';
    }

    public static string With(string labels, string name, string value) =>
        labels.Length == 0 ? $"{{{name}=\"{value}\"}}" : $"{labels[..^1]},{name}=\"{value}\"}}";

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    public static string EscapeHelp(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Sanitize(string name) =>
        string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));
}
