using System.Globalization;
using System.Text;

namespace HeyGemExport.Telemetry;

/// <summary>Labels and numbers in the text format of Prometheus.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format, version 0.0.4.</remarks>
internal static class MetricLabels
{
    /// <summary><c>{a="1",b="2"}</c> in the order of the names; empty without tags. Later tags of the same name replace earlier ones.</summary>
    public static string Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in tags)
        {
            labels[NameOf(name)] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }

        return '{' + string.Join(',', labels.Select(label => $"{label.Key}=\"{Escape(label.Value)}\"")) + '}';
    }

    /// <summary>The labels and one more.</summary>
    public static string With(string labels, string name, string value) =>
        labels.Length == 0 ? $"{{{name}=\"{value}\"}}" : $"{labels[..^1]},{name}=\"{value}\"}}";

    /// <summary>A value as the format writes it.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>A help text on one line.</summary>
    public static string EscapeHelp(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Escape(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string NameOf(string tag)
    {
        var name = new StringBuilder();
        foreach (var character in tag)
        {
            name.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        }

        return char.IsAsciiDigit(name[0]) ? "_" + name : name.ToString();
    }
}
