using System.Globalization;
using System.Text;

namespace HeyGemExport.Tests.Telemetry;

/// <summary>Reads the text format of Prometheus, version 0.0.4, and refuses whatever breaks a rule of it.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details</remarks>
internal sealed class PrometheusText
{
    private readonly Dictionary<string, string> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> samples = new(StringComparer.Ordinal);
    private readonly HashSet<string> closed = new(StringComparer.Ordinal);
    private string family = "";

    private PrometheusText()
    {
    }

    public IReadOnlyDictionary<string, string> Types => types;

    public IReadOnlyDictionary<string, double> Samples => samples;

    public static PrometheusText Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        var parsed = new PrometheusText();
        foreach (var line in text[..^1].Split('\n'))
        {
            parsed.Take(line);
        }

        parsed.CheckHistograms();
        return parsed;
    }

    private void Take(string line)
    {
        if (line.StartsWith("# HELP ", StringComparison.Ordinal))
        {
            Begin(line.Split(' ', 4)[2]);
        }
        else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
        {
            var words = line.Split(' ');
            Assert.Equal(4, words.Length);
            Assert.Equal(family, words[2]);
            Assert.Contains(words[3], (string[])["counter", "gauge", "histogram"]);
            Assert.True(types.TryAdd(words[2], words[3]), $"two TYPE lines of {words[2]}");
        }
        else
        {
            TakeSample(line);
        }
    }

    private void Begin(string name)
    {
        Assert.Matches("^[a-zA-Z_:][a-zA-Z0-9_:]*$", name);
        closed.Add(family);
        Assert.DoesNotContain(name, closed);
        family = name;
    }

    private void TakeSample(string line)
    {
        var at = line.IndexOfAny(['{', ' ']);
        Assert.True(at > 0, line);
        var name = line[..at];
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (line[at] == '{')
        {
            at = ReadLabels(line, at + 1, labels);
        }

        Assert.Equal(' ', line[at]);
        var value = Number(line[(at + 1)..]);
        Assert.Equal(family, FamilyOf(name));
        if (types[family] == "counter")
        {
            Assert.EndsWith("_total", name, StringComparison.Ordinal);
            Assert.True(value >= 0, line);
        }

        Assert.True(samples.TryAdd(Key(name, labels), value), $"twice: {line}");
    }

    private static int ReadLabels(string line, int at, SortedDictionary<string, string> labels)
    {
        while (line[at] != '}')
        {
            var equals = line.IndexOf('=', at);
            var label = line[at..equals];
            Assert.Matches("^[a-zA-Z_][a-zA-Z0-9_]*$", label);
            Assert.Equal('"', line[equals + 1]);
            var value = new StringBuilder();
            for (at = equals + 2; line[at] != '"'; at++)
            {
                if (line[at] == '\\')
                {
                    at++;
                    value.Append(
                        line[at] switch { 'n' => '\n', '"' => '"', '\\' => '\\', _ => throw new FormatException($"bad escape: {line}") });
                }
                else
                {
                    value.Append(line[at]);
                }
            }

            Assert.True(labels.TryAdd(label, value.ToString()), $"label twice: {line}");
            at += line[at + 1] == ',' ? 2 : 1;
        }

        return at + 1;
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private string FamilyOf(string name)
    {
        foreach (var ending in (string[])["_bucket", "_sum", "_count"])
        {
            if (name.EndsWith(ending, StringComparison.Ordinal) && types.GetValueOrDefault(name[..^ending.Length]) == "histogram")
            {
                return name[..^ending.Length];
            }
        }

        Assert.NotEqual("histogram", types[name]);
        return name;
    }

    private void CheckHistograms()
    {
        foreach (var histogram in types.Where(type => type.Value == "histogram").Select(type => type.Key))
        {
            var buckets = samples.Where(sample => sample.Key.StartsWith(histogram + "_bucket{", StringComparison.Ordinal))
                .Select(sample => (Labels: WithoutBound(sample.Key, out var bound), Bound: bound, sample.Value))
                .GroupBy(bucket => bucket.Labels, StringComparer.Ordinal);
            foreach (var series in buckets)
            {
                var rising = series.OrderBy(bucket => bucket.Bound).Select(bucket => bucket.Value).ToList();
                Assert.Equal(rising.Order(), rising);
                Assert.Equal(double.PositiveInfinity, series.Max(bucket => bucket.Bound));
                var labels = series.Key.Length == 0 ? "" : $"{{{series.Key}}}";
                Assert.Equal(rising[^1], samples[$"{histogram}_count{labels}"]);
                Assert.Contains($"{histogram}_sum{labels}", samples.Keys);
            }
        }
    }

    private static string WithoutBound(string key, out double bound)
    {
        var labels = key[(key.IndexOf('{', StringComparison.Ordinal) + 1)..^1].Split("\",").Select(label => label.TrimEnd('"')).ToList();
        var le = labels.Single(label => label.StartsWith("le=\"", StringComparison.Ordinal));
        bound = Number(le[4..]);
        return string.Join(',', labels.Where(label => label != le).Select(label => label + '"'));
    }

    private static string Key(string name, SortedDictionary<string, string> labels) =>
        labels.Count == 0 ? name : $"{name}{{{string.Join(',', labels.Select(label => $"{label.Key}=\"{label.Value}\""))}}}";
}
