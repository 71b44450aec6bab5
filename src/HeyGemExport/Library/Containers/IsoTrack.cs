using System.Buffers.Binary;

namespace HeyGemExport.Library.Containers;

/// <summary>One track of <c>moov</c>: picture size from <c>tkhd</c>, kind from <c>hdlr</c>, codec from the first sample entry, and the
/// number of samples over the time that <c>mdhd</c> gives them (ISO/IEC 14496-12, 8.3.2, 8.4.2, 8.4.3, 8.5.2 and 8.7.3).</summary>
internal sealed record IsoTrack(string Handler = "", int? Width = null, int? Height = null, string? Codec = null, double? FrameRate = null)
{
    /// <summary>As much of the sample descriptions as is looked at: the first one, with its codec's configuration.</summary>
    private const int MaxDescriptionBytes = 4096;

    /// <summary>Its number, by which fragments name it.</summary>
    public uint Number { get; private init; }

    /// <summary>Its ticks a second.</summary>
    public uint TimeScale { get; private init; }

    private double Seconds { get; init; }

    private uint Samples { get; init; }

    /// <summary>Whether it is a video track with a picture size.</summary>
    public bool IsVideo => Handler is "vide" && Width is not null && Height is not null;

    /// <summary>Whether it is an audio track.</summary>
    public bool IsAudio => Handler is "soun";

    /// <summary>What could be read; never a fault.</summary>
    public static async Task<IsoTrack> ReadAsync(StructureReader reader, IsoBox box, CancellationToken cancellationToken)
    {
        var track = await ReadBoxesAsync(reader, box, new IsoTrack(), cancellationToken);
        return track with { FrameRate = ContainerFacts.Rate(track.Samples / track.Seconds) };
    }

    private static async Task<IsoTrack> ReadBoxesAsync(StructureReader reader, IsoBox parent, IsoTrack track, CancellationToken cancellationToken)
    {
        await foreach (var box in IsoBoxes.ChildrenAsync(reader, parent, cancellationToken))
        {
            switch (box.Type)
            {
                case "tkhd":
                    var header = await IsoBoxes.ReadContentAsync(reader, box, 96, cancellationToken);
                    (var width, var height) = PictureSize(header.Span);
                    track = track with { Number = NumberOf(header.Span), Width = width, Height = height };
                    break;
                case "mdhd":
                    var time = await IsoBoxes.ReadContentAsync(reader, box, 32, cancellationToken);
                    track = track with { Seconds = IsoBoxes.Seconds(time.Span) ?? 0, TimeScale = IsoBoxes.TimeScale(time.Span) ?? 0 };
                    break;
                case "hdlr" when track.Handler.Length == 0:
                    track = track with { Handler = HandlerOf((await IsoBoxes.ReadContentAsync(reader, box, 12, cancellationToken)).Span) };
                    break;
                case "stsd":
                    track = track with { Codec = IsoSampleEntry.CodecOf((await IsoBoxes.ReadContentAsync(reader, box, MaxDescriptionBytes, cancellationToken)).Span) };
                    break;
                case "stsz" or "stz2":
                    track = track with { Samples = SampleCount((await IsoBoxes.ReadContentAsync(reader, box, 12, cancellationToken)).Span) };
                    break;
                case "mdia" or "minf" or "stbl" when IsChildOf(parent.Type, box.Type):
                    track = await ReadBoxesAsync(reader, box, track, cancellationToken);
                    break;
            }
        }

        return track;
    }

    // Bounds the depth: no box stands within its own kind.
    private static bool IsChildOf(string parent, string type) => (parent, type) is ("trak", "mdia") or ("mdia", "minf") or ("minf", "stbl");

    private static string HandlerOf(ReadOnlySpan<byte> handler) => handler.Length == 12 ? IsoBox.TypeText(handler[8..]) : "";

    private static uint SampleCount(ReadOnlySpan<byte> sizes) => sizes.Length == 12 ? BinaryPrimitives.ReadUInt32BigEndian(sizes[8..]) : 0;

    private static uint NumberOf(ReadOnlySpan<byte> header) =>
        header.Length < 24 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(header[(header[0] == 1 ? 20 : 12)..]);

    // Both are 16.16 fixed-point numbers.
    private static (int? Width, int? Height) PictureSize(ReadOnlySpan<byte> header)
    {
        var at = header.Length > 0 && header[0] == 1 ? 88 : 76;
        return header.Length < at + 8
            ? default
            : (ContainerFacts.Pixels(BinaryPrimitives.ReadUInt16BigEndian(header[at..])),
                ContainerFacts.Pixels(BinaryPrimitives.ReadUInt16BigEndian(header[(at + 4)..])));
    }
}

/// <summary>The first sample entry of <c>stsd</c>.</summary>
internal static class IsoSampleEntry
{
    private const int FirstEntry = 8;

    /// <summary>Its codec, or null.</summary>
    public static string? CodecOf(ReadOnlySpan<byte> descriptions)
    {
        if (descriptions.Length < FirstEntry + 8)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt32BigEndian(descriptions[FirstEntry..]);
        var entry = descriptions.Slice(FirstEntry, (int)Math.Clamp(size, 8, descriptions.Length - FirstEntry));
        return IsoBox.TypeText(entry[4..8]) switch
        {
            "mp4v" => ObjectOf(entry) ?? "mpeg4",
            "mp4a" => ObjectOf(entry) ?? "aac",
            "in24" => IsLittleEndian(entry) ? "pcm_s24le" : "pcm_s24be",
            "in32" => IsLittleEndian(entry) ? "pcm_s32le" : "pcm_s32be",
            "fl32" => IsLittleEndian(entry) ? "pcm_f32le" : "pcm_f32be",
            var type => CodecNames.OfIsoEntry(type),
        };
    }

    // The box stands at different places, by version and writer; its name is looked for.
    private static bool IsLittleEndian(ReadOnlySpan<byte> entry) =>
        entry.IndexOf("enda"u8) is > 0 and var at && entry.Length >= at + 6 && entry[at + 5] == 1;

    // ES_Descriptor, and in it DecoderConfigDescriptor, whose first byte is the object type (ISO/IEC 14496-1, 7.2.6.5 and 7.2.6.6).
    private static string? ObjectOf(ReadOnlySpan<byte> entry)
    {
        var at = entry.IndexOf("esds"u8);
        if (at < 0 || entry.Length < at + 8)
        {
            return null;
        }

        var rest = entry[(at + 8)..];
        if (!TryEnter(ref rest, 0x03) || rest.Length < 3)
        {
            return null;
        }

        var flags = rest[2];
        rest = rest[3..];
        rest = rest[Math.Min(rest.Length, (flags & 0x80) != 0 ? 2 : 0)..];
        rest = (flags & 0x40) != 0 && !rest.IsEmpty ? rest[Math.Min(rest.Length, 1 + rest[0])..] : rest;
        rest = rest[Math.Min(rest.Length, (flags & 0x20) != 0 ? 2 : 0)..];
        return TryEnter(ref rest, 0x04) && !rest.IsEmpty ? CodecNames.OfMpeg4Object(rest[0]) : null;
    }

    // A tag, and a length in one to four bytes of which all but the last have their top bit set.
    private static bool TryEnter(ref ReadOnlySpan<byte> rest, byte tag)
    {
        if (rest.IsEmpty || rest[0] != tag)
        {
            return false;
        }

        var length = 1;
        while (length < 4 && length < rest.Length && (rest[length] & 0x80) != 0)
        {
            length++;
        }

        rest = rest[Math.Min(rest.Length, length + 1)..];
        return true;
    }
}
