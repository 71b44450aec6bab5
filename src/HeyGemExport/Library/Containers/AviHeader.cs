using System.Buffers.Binary;
using System.Text;

namespace HeyGemExport.Library.Containers;

/// <summary>What the list <c>hdrl</c> says: <c>avih</c>, and of the first video and the first audio stream <c>strh</c>, whose length
/// also counts the frames of <c>AVIX</c> RIFFs, and <c>strf</c>, a <c>BITMAPINFOHEADER</c> or a <c>WAVEFORMATEX</c>.</summary>
internal static class AviHeader
{
    private const int MaxBytes = 64 * 1024;

    private const int Extensible = 0xFFFE;

    /// <summary>What could be read between two offsets; never a fault.</summary>
    public static async Task<ContainerFacts> ReadAsync(StructureReader reader, long start, long end, CancellationToken cancellationToken)
    {
        var content = await reader.ReadAsync(start, (int)Math.Min(MaxBytes, end - start), cancellationToken);
        return Read(content.Span);
    }

    private static ContainerFacts Read(ReadOnlySpan<byte> chunks)
    {
        var facts = new ContainerFacts(Fault: null);
        Stream? video = null;
        Stream? audio = null;
        while (TryTake(ref chunks, out var id, out var content))
        {
            if (id.SequenceEqual("avih"u8) && content.Length >= 40)
            {
                facts = ReadMain(content);
            }
            else if (id.SequenceEqual("LIST"u8) && content.StartsWith("strl"u8))
            {
                var stream = ReadStream(content[4..]);
                video ??= stream.Kind is "vids" ? stream : null;
                audio ??= stream.Kind is "auds" ? stream : null;
            }
        }

        return facts with
        {
            DurationSeconds = video?.Seconds ?? facts.DurationSeconds,
            Media = new MediaFacts("avi", video?.Codec, audio?.Codec, video?.FrameRate),
        };
    }

    private static ContainerFacts ReadMain(ReadOnlySpan<byte> main) => new(
        Fault: null,
        ContainerFacts.Seconds(BinaryPrimitives.ReadUInt32LittleEndian(main) / 1e6 * BinaryPrimitives.ReadUInt32LittleEndian(main[16..])),
        ContainerFacts.Pixels(BinaryPrimitives.ReadUInt32LittleEndian(main[32..])),
        ContainerFacts.Pixels(BinaryPrimitives.ReadUInt32LittleEndian(main[36..])));

    private static Stream ReadStream(ReadOnlySpan<byte> chunks)
    {
        var stream = new Stream("", null, null, null);
        while (TryTake(ref chunks, out var id, out var content))
        {
            if (id.SequenceEqual("strh"u8) && content.Length >= 36)
            {
                double scale = BinaryPrimitives.ReadUInt32LittleEndian(content[20..]);
                double rate = BinaryPrimitives.ReadUInt32LittleEndian(content[24..]);
                stream = new Stream(
                    Encoding.Latin1.GetString(content[..4]),
                    ContainerFacts.Seconds(BinaryPrimitives.ReadUInt32LittleEndian(content[32..]) * scale / rate),
                    ContainerFacts.Rate(rate / scale),
                    null);
            }
            else if (id.SequenceEqual("strf"u8))
            {
                stream = stream with { Codec = stream.Kind switch { "vids" => PictureCodec(content), "auds" => SoundCodec(content), _ => null } };
            }
        }

        return stream;
    }

    /// <summary>The codec of a <c>BITMAPINFOHEADER</c>, or null.</summary>
    public static string? PictureCodec(ReadOnlySpan<byte> bitmap) =>
        bitmap.Length < 20 ? null : CodecNames.OfRiffVideo(Encoding.Latin1.GetString(bitmap[16..20]));

    /// <summary>The codec of a <c>WAVEFORMATEX</c>, or null. An extensible one has its tag in the first bytes of its sub-format.</summary>
    public static string? SoundCodec(ReadOnlySpan<byte> wave)
    {
        if (wave.Length < 16)
        {
            return null;
        }

        var tag = BinaryPrimitives.ReadUInt16LittleEndian(wave);
        var actual = tag == Extensible && wave.Length >= 26 ? BinaryPrimitives.ReadUInt16LittleEndian(wave[24..]) : tag;
        return CodecNames.OfWaveFormat(actual, BinaryPrimitives.ReadUInt16LittleEndian(wave[14..]));
    }

    private static bool TryTake(ref ReadOnlySpan<byte> chunks, out ReadOnlySpan<byte> id, out ReadOnlySpan<byte> content)
    {
        id = content = default;
        if (chunks.Length < 8)
        {
            return false;
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]);
        id = chunks[..4];
        content = chunks[8..(int)Math.Min(chunks.Length, 8L + size)];
        chunks = chunks[(int)Math.Min(chunks.Length, 8L + size + (size % 2))..];
        return true;
    }

    private sealed record Stream(string Kind, double? Seconds, double? FrameRate, string? Codec);
}
