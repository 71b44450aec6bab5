using System.Text;
using HeyGemExport.Localization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace HeyGemExport.Telemetry;

/// <summary>Writes an event as <c>2026-01-01 12:00:00.000 +08:00 [ERROR] message</c>, in local time.</summary>
/// <remarks>
/// A line that begins with a time is always an event: line breaks, control characters and characters that change the reading direction
/// are escaped in the message, and the lines of an exception are indented. A file name or a header can thus never forge a line, which no
/// output template of Serilog's ensures.
/// </remarks>
internal sealed class RunLogFormatter : ITextFormatter
{
    /// <summary>The property that ends a line; the same stands on the error page and in problem details.</summary>
    public const string RequestId = "RequestId";

    private readonly MessageTemplateTextFormatter message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output) => output.WriteLine(Format(logEvent));

    /// <summary>The lines of an event, without a line break at the end.</summary>
    public string Format(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        message.Format(logEvent, text);
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{logEvent.Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} [{LevelName(logEvent.Level)}] ");
        AppendEscaped(line, text.ToString());
        if (logEvent.Properties.TryGetValue(RequestId, out var value) && value is ScalarValue { Value: string request })
        {
            AppendEscaped(line.Append(" ["), request);
            line.Append(']');
        }

        if (logEvent.Exception is { } exception)
        {
            foreach (var part in exception.ToString().Split('\n'))
            {
                AppendEscaped(line.Append("\n    "), part.TrimEnd('\r'));
            }
        }

        return line.ToString();
    }

    private static string LevelName(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "TRACE",
        LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARN",
        LogEventLevel.Error => "ERROR",
        _ => "FATAL",
    };

    private static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append('\t'),
                _ when UnsafeText.Hides(character) || character is '\u2028' or '\u2029' =>
                    line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => line.Append(character),
            };
        }
    }
}
