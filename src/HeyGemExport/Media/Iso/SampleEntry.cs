using System.Buffers.Binary;

namespace HeyGemExport.Media.Iso;

/// <summary>The first sample entry of <c>stsd</c> (ISO/IEC 14496-12, 8.5.2; QuickTime File Format, "Sample Description Atoms").</summary>
/// <param name="Code">Its type, or the one that encryption hides.</param>
/// <param name="Codec">Its codec, or null.</param>
/// <param name="Width">Picture width in pixels.</param>
/// <param name="Height">Picture height in pixels.</param>
internal sealed record SampleEntry(string? Code, string? Codec, int? Width = null, int? Height = null)
{
    private const int FirstEntry = 8;
    private const int VisualBytes = 86;
    private const int SoundBytes = 36;
    private const int SoundV2Bytes = 72;

    // ISO/IEC 14496-3, table 1.17: ALS is behind the escape value.
    private const int AudioEscape = 31;
    private const int AudioAls = 36;

    /// <summary>A track without one.</summary>
    public static SampleEntry None { get; } = new(null, null);

    /// <summary>What the content of <c>stsd</c> says.</summary>
    public static SampleEntry Read(ReadOnlySpan<byte> descriptions, bool isPictures)
    {
        if (descriptions.Length < FirstEntry + 8)
        {
            return None;
        }

        var size = BinaryPrimitives.ReadUInt32BigEndian(descriptions[FirstEntry..]);
        var entry = descriptions.Slice(FirstEntry, (int)Math.Clamp(size, 8, descriptions.Length - FirstEntry));
        var code = IsoBox.TextOf(entry[4..8]);
        if (code is "encv" or "enca" && entry.IndexOf("frma"u8) is > 0 and var frma && entry.Length >= frma + 8)
        {
            code = IsoBox.TextOf(entry.Slice(frma + 4, 4));
        }

        return isPictures
            ? new SampleEntry(
                code,
                PictureCodec(code, entry),
                entry.Length < VisualBytes ? null : MediaFacts.Pixels(BinaryPrimitives.ReadUInt16BigEndian(entry[32..])),
                entry.Length < VisualBytes ? null : MediaFacts.Pixels(BinaryPrimitives.ReadUInt16BigEndian(entry[34..])))
            : new SampleEntry(code, SoundCodec(code, entry));
    }

    private static string PictureCodec(string code, ReadOnlySpan<byte> entry) => code switch
    {
        "mp4v" => CodecNames.OfMpeg4Object(ObjectOf(entry, out _)) ?? "mpeg4",
        "dvh1" when entry.IndexOf("hvcC"u8) > 0 => "hevc",
        _ => CodecNames.OfIsoPicture(code),
    };

    private static string SoundCodec(string code, ReadOnlySpan<byte> entry)
    {
        if (code is "mp4a")
        {
            var type = ObjectOf(entry, out var setup);
            return IsAls(setup) ? "mp4als" : CodecNames.OfMpeg4Object(type) ?? "aac";
        }

        if (entry.Length < SoundBytes)
        {
            return CodecNames.OfIsoSound(code, 0);
        }

        int bits = BinaryPrimitives.ReadUInt16BigEndian(entry[26..]);
        if (code is "lpcm" && BinaryPrimitives.ReadUInt16BigEndian(entry[16..]) == 2 && entry.Length >= SoundV2Bytes)
        {
            // Sound sample description (version 2): formatSpecificFlags 1 is float, 2 big endian, 4 signed.
            var flags = BinaryPrimitives.ReadUInt32BigEndian(entry[60..]);
            return CodecNames.OfPcm((int)Math.Min(64, BinaryPrimitives.ReadUInt32BigEndian(entry[56..])), (flags & 1) != 0,
                (flags & 2) != 0, (flags & 4) != 0);
        }

        if (code is "ipcm" or "fpcm" && entry.IndexOf("pcmC"u8) is > 0 and var pcm && entry.Length >= pcm + 10)
        {
            // ISO/IEC 23003-5, 3.1: bit 0 of the flags is little endian, then the bits of a sample.
            return CodecNames.OfPcm(entry[pcm + 9], code is "fpcm", (entry[pcm + 8] & 1) == 0, isSigned: true);
        }

        return code is "in24" or "in32" or "fl32" or "fl64" && IsLittleEndian(entry)
            ? CodecNames.OfPcm(code is "in24" ? 24 : code is "fl64" ? 64 : 32, code is "fl32" or "fl64", isBigEndian: false, isSigned: true)
            : CodecNames.OfIsoSound(code, bits);
    }

    // The box stands at different places, by version and writer; its name is looked for.
    private static bool IsLittleEndian(ReadOnlySpan<byte> entry) =>
        entry.IndexOf("enda"u8) is > 0 and var at && entry.Length >= at + 6 && entry[at + 5] == 1;

    private static bool IsAls(ReadOnlySpan<byte> setup) =>
        setup.Length >= 2 && setup[0] >> 3 == AudioEscape && 32 + (((setup[0] & 7) << 3) | (setup[1] >> 5)) == AudioAls;

    // ES_Descriptor, in it DecoderConfigDescriptor, whose first byte is the object type, and in that DecoderSpecificInfo
    // (ISO/IEC 14496-1, 7.2.6.5 to 7.2.6.7).
    private static byte ObjectOf(ReadOnlySpan<byte> entry, out ReadOnlySpan<byte> setup)
    {
        setup = [];
        var at = entry.IndexOf("esds"u8);
        if (at < 0 || entry.Length < at + 8)
        {
            return 0;
        }

        var rest = entry[(at + 8)..];
        if (!TryEnter(ref rest, 0x03) || rest.Length < 3)
        {
            return 0;
        }

        var flags = rest[2];
        var url = (flags & 0x40) == 0 ? 0 : 1 + (rest.Length > 3 ? rest[3] : 0);
        var skip = 3 + ((flags & 0x80) != 0 ? 2 : 0) + url + ((flags & 0x20) != 0 ? 2 : 0);
        rest = rest[Math.Min(skip, rest.Length)..];
        if (!TryEnter(ref rest, 0x04) || rest.IsEmpty)
        {
            return 0;
        }

        var type = rest[0];
        rest = rest[Math.Min(13, rest.Length)..];
        setup = TryEnter(ref rest, 0x05) ? rest : [];
        return type;
    }

    // A tag, then a length in groups of seven bits.
    private static bool TryEnter(ref ReadOnlySpan<byte> descriptors, byte tag)
    {
        if (descriptors.IsEmpty || descriptors[0] != tag)
        {
            return false;
        }

        var at = 1;
        while (at < Math.Min(5, descriptors.Length) && (descriptors[at] & 0x80) != 0)
        {
            at++;
        }

        descriptors = descriptors[Math.Min(at + 1, descriptors.Length)..];
        return true;
    }
}
