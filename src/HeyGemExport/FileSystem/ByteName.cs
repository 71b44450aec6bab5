using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace HeyGemExport.FileSystem;

/// <remarks>A byte that is no part of UTF-8 is written as U+FFFD and its two hex digits: <c>\xCA\xD3.mp4</c> reads <c>�CA�D3.mp4</c>. A
/// U+FFFD that is really in a name stays, unless what follows it would make it read as a byte; then its own three bytes are written so.
/// Each name has one text, and each text at most one name. Only bytes from 80 to FF can be written so: no text hides a separator, a dot or
/// a NUL.</remarks>
internal static class ByteName
{
    private const char Mark = '\uFFFD';
    private const int MarkBytes = 3;
    private const int EscapeUnits = 3;

    /// <summary>Whether a name or path may be other bytes than its UTF-8. What .NET lists of such a name holds a U+FFFD too.</summary>
    public static bool IsPossible(ReadOnlySpan<char> text) => text.Contains(Mark);

    /// <summary>Writes a name's text without garbage where it is UTF-8.</summary>
    /// <param name="text">With room for three characters for each byte.</param>
    /// <returns>How many characters were written.</returns>
    public static int Write(ReadOnlySpan<byte> name, Span<char> text)
    {
        if (Utf8.ToUtf16(name, text, out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done
            && !IsPossible(text[..written]))
        {
            return written;
        }

        var escaped = ToText(name);
        escaped.CopyTo(text);
        return escaped.Length;
    }

    public static string ToText(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder(name.Length);
        Span<char> units = stackalloc char[2];
        while (!name.IsEmpty)
        {
            var isText = Rune.DecodeFromUtf8(name, out var rune, out var bytes) == OperationStatus.Done;
            if (isText && !(rune.Value == Mark && ReadsAsByte(name[MarkBytes..])))
            {
                text.Append(units[..rune.EncodeToUtf16(units)]);
            }
            else
            {
                foreach (var value in name[..bytes])
                {
                    text.Append(Mark).Append(Convert.ToHexString([value]));
                }
            }

            name = name[bytes..];
        }

        return text.ToString();
    }

    /// <summary>Null when no name has this text.</summary>
    public static byte[]? ToBytes(string text)
    {
        if (!IsPossible(text))
        {
            var utf8 = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
            return Utf8.FromUtf16(text, utf8, out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done
                ? utf8[..written]
                : null;
        }

        List<byte> name = new(text.Length * 3);
        Span<byte> encoded = stackalloc byte[4];
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (EscapedByte(rest) is { } value)
            {
                name.Add(value);
                rest = rest[EscapeUnits..];
            }
            else if (Rune.DecodeFromUtf16(rest, out var rune, out var units) == OperationStatus.Done)
            {
                name.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
                rest = rest[units..];
            }
            else
            {
                return null;
            }
        }

        // What is UTF-8 may not be written as bytes: that would be a second way to the same file.
        byte[] bytes = [.. name];
        return string.Equals(ToText(bytes), text, StringComparison.Ordinal) ? bytes : null;
    }

    private static byte? EscapedByte(ReadOnlySpan<char> text) =>
        text.Length >= EscapeUnits && text[0] == Mark && IsHighDigit(text[1]) && char.IsAsciiHexDigitUpper(text[2])
            ? Convert.FromHexString(text[1..EscapeUnits])[0]
            : null;

    private static bool ReadsAsByte(ReadOnlySpan<byte> next) =>
        next.Length >= 2 && IsHighDigit((char)next[0]) && char.IsAsciiHexDigitUpper((char)next[1]);

    private static bool IsHighDigit(char digit) => digit is '8' or '9' or (>= 'A' and <= 'F');
}
