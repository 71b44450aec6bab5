using System.Buffers.Binary;
using System.Text;

namespace HeyGemExport.Media.Avi;

/// <summary>One stream of an AVI: <c>strh</c> and <c>strf</c>, which is a <c>BITMAPINFOHEADER</c> or a <c>WAVEFORMATEX</c>.</summary>
/// <param name="Kind"><c>vids</c>, <c>auds</c> or another.</param>
/// <param name="Ticks">Seconds of one unit of its length.</param>
/// <param name="Length">Its length in these units, with the frames of <c>AVIX</c> RIFFs.</param>
internal sealed record AviStream(string Kind, double Ticks = 0, uint Length = 0)
{
    /// <summary>Its codec.</summary>
    public string? Codec { get; init; }

    /// <summary>Its codec as the header has it.</summary>
    public string? Code { get; init; }

    /// <summary>Picture width in pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Picture height in pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Where the content of its index of indexes (<c>indx</c>) begins and ends; 0 without one.</summary>
    public (long Start, long End) Index { get; init; }

    /// <summary>Whether room was reserved that only a writer uses that can go back.</summary>
    public bool HasReserve { get; init; }

    /// <summary>Whether its length is that of its content: ADPCM counts whole blocks, of which the last is filled up.</summary>
    public bool HasExactLength => Codec?.StartsWith("adpcm_", StringComparison.Ordinal) is not true;

    /// <summary>Whether it is a stream of pictures (<c>iavs</c> is DV, with its sound in it).</summary>
    public bool IsPictures => Kind is "vids" or "iavs";
}

/// <summary>The list <c>hdrl</c> (Microsoft AVI RIFF File Reference; OpenDML AVI File Format Extensions).</summary>
/// <param name="Streams">Its streams by number.</param>
/// <param name="Width">Picture width that the main header tells.</param>
/// <param name="Height">Picture height, likewise.</param>
internal sealed record AviHeader(IReadOnlyList<AviStream> Streams, int? Width, int? Height)
{
    private const int MaxBytes = 512 * 1024;

    private const int MaxStreams = 256;

    private const int Extensible = 0xFFFE;

    /// <summary>A file without a header.</summary>
    public static AviHeader None { get; } = new([], null, null);

    /// <summary>What could be read between two offsets; never fails.</summary>
    public static AviHeader Read(ByteSource source, long start, long end)
    {
        List<AviStream> streams = [];
        (int? Width, int? Height) size = default;
        var header = source.Copy(start, Math.Min(MaxBytes, end - start));
        foreach (var chunk in Chunks(header, 0, header.Length))
        {
            var content = header.AsSpan(chunk.Start, chunk.Length);
            if (chunk.Id is "avih" && content.Length >= 40)
            {
                size = (MediaFacts.Pixels(BinaryPrimitives.ReadUInt32LittleEndian(content[32..])),
                    MediaFacts.Pixels(BinaryPrimitives.ReadUInt32LittleEndian(content[36..])));
            }
            else if (chunk.Id is "LIST" && content.StartsWith("strl"u8) && streams.Count < MaxStreams)
            {
                streams.Add(ReadStream(header, start, chunk.Start + 4, chunk.Start + chunk.Length));
            }
        }

        return new AviHeader(streams, size.Width, size.Height);
    }

    /// <summary>The code of a <c>BITMAPINFOHEADER</c>, or null.</summary>
    public static string? PictureCode(ReadOnlySpan<byte> bitmap) => bitmap.Length < 20 ? null : Encoding.Latin1.GetString(bitmap[16..20]);

    /// <summary>The codec of a <c>WAVEFORMATEX</c>, or null. An extensible one has its tag in the first bytes of its sub-format.</summary>
    public static string? SoundCodec(ReadOnlySpan<byte> wave)
    {
        if (wave.Length < 14)
        {
            return null;
        }

        var tag = BinaryPrimitives.ReadUInt16LittleEndian(wave);
        var actual = tag == Extensible && wave.Length >= 26 ? BinaryPrimitives.ReadUInt16LittleEndian(wave[24..]) : tag;
        return CodecNames.OfWaveFormat(actual, wave.Length < 16 ? 8 : BinaryPrimitives.ReadUInt16LittleEndian(wave[14..]));
    }

    private static AviStream ReadStream(byte[] header, long start, int first, int end)
    {
        var stream = new AviStream("");
        foreach (var chunk in Chunks(header, first, end))
        {
            var content = header.AsSpan(chunk.Start, chunk.Length);
            stream = chunk.Id switch
            {
                "strh" when content.Length >= 36 => stream with
                {
                    Kind = Encoding.Latin1.GetString(content[..4]),
                    Ticks = (double)BinaryPrimitives.ReadUInt32LittleEndian(content[20..])
                        / BinaryPrimitives.ReadUInt32LittleEndian(content[24..]),
                    Length = BinaryPrimitives.ReadUInt32LittleEndian(content[32..]),
                    Code = Encoding.Latin1.GetString(content[4..8]),
                },
                "strf" when stream.IsPictures => ReadPicture(stream, content),
                "strf" when stream.Kind is "auds" => stream with { Codec = SoundCodec(content) },
                "indx" => stream with { Index = (start + chunk.Start, start + chunk.Start + chunk.Length), HasReserve = true },
                "JUNK" => stream with { HasReserve = true },
                _ => stream,
            };
        }

        return stream;
    }

    private static AviStream ReadPicture(AviStream stream, ReadOnlySpan<byte> bitmap)
    {
        // DV streams have a header of their own; the handler names the codec.
        var code = stream.Kind is "iavs" ? stream.Code : PictureCode(bitmap);
        return stream with
        {
            Code = code,
            Codec = code is null ? null : CodecNames.OfRiffPicture(code),
            Width = bitmap.Length < 12 ? null : MediaFacts.Pixels(BinaryPrimitives.ReadUInt32LittleEndian(bitmap[4..])),
            // Rows from the top down have a negative height.
            Height = bitmap.Length < 12
                ? null
                : MediaFacts.Pixels((ulong)Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bitmap[8..]))),
        };
    }

    private static List<(string Id, int Start, int Length)> Chunks(byte[] bytes, int start, int end)
    {
        List<(string, int, int)> chunks = [];
        while (end - start >= RiffChunk.Header && chunks.Count < 4 * MaxStreams)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(start + 4));
            var length = (int)Math.Min(size, end - start - RiffChunk.Header);
            chunks.Add((Encoding.Latin1.GetString(bytes, start, 4), start + RiffChunk.Header, length));
            start += RiffChunk.Header + length + (length % 2);
        }

        return chunks;
    }
}
