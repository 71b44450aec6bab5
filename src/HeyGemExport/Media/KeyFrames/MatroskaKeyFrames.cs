using System.Buffers.Binary;
using System.Text;
using HeyGemExport.Media.Matroska;

namespace HeyGemExport.Media.KeyFrames;

/// <summary>Key frames of Matroska: blocks that are marked as such, or that refer to no other (RFC 9559, 10.2 and 5.1.3.5.5).</summary>
internal sealed class MatroskaKeyFrames(ByteSource source)
{
    private const uint ReferenceBlock = 0xFB;
    private const uint ContentEncodings = 0x6D80;
    private const int MaxTracksBytes = 1024 * 1024;
    private const int KeyFrameFlag = 0x80;
    private const int LacingFlags = 0x06;

    private readonly ByteWindow window = new(source);
    private Track? track;
    private int candidates;

    public KeyFrame? Find(int maxBytes)
    {
        long start = 0;
        while (EbmlElement.Parse(window.Get(start, EbmlElement.LargestHeader), start) is { Id: not MatroskaIds.Segment, End: { } end }
            && source.TryCount())
        {
            start = end;
        }

        if (EbmlElement.Parse(window.Get(start, EbmlElement.LargestHeader), start) is not { Id: MatroskaIds.Segment } segment)
        {
            return null;
        }

        // Clusters follow each other in time, and long ones carry about as much as others: a tenth of the bytes is a tenth of the video.
        var tenth = segment.Content + ((source.Length - segment.Content) / 10);
        return Find(segment.Content, tenth, source.Length, maxBytes) ?? Find(segment.Content, 0, tenth, maxBytes);
    }

    private KeyFrame? Find(long start, long from, long to, int maxBytes)
    {
        candidates = 0;
        for (var offset = start; offset < to && candidates < KeyFrame.Candidates && source.TryCount();)
        {
            if (EbmlElement.Parse(window.Get(offset, EbmlElement.LargestHeader), offset) is not { } element)
            {
                return null;
            }

            if (element.Id == MatroskaIds.Tracks && track is null && element.End is { } tracksEnd)
            {
                track = Track.Read(source.Copy(element.Content, Math.Min(MaxTracksBytes, tracksEnd - element.Content)));
            }

            if (element.Start >= from && track is { } pictures && BlockOf(element) is { } block
                && Read(pictures, block, maxBytes) is { } found)
            {
                return found;
            }

            var isEntered = element.Id == MatroskaIds.Cluster && !(element.End < from);
            offset = isEntered || element.End is not { } next ? element.Content : next;
        }

        return null;
    }

    /// <summary>The content of a block that may be a key frame, with the flags that a block in a group has not.</summary>
    private (long Start, long End, bool IsKey)? BlockOf(EbmlElement element)
    {
        if (element.Id == MatroskaIds.SimpleBlock && element.End is { } end)
        {
            return (element.Content, end, false);
        }

        if (element.Id != MatroskaIds.BlockGroup || element.End is not { } groupEnd)
        {
            return null;
        }

        (long Start, long End, bool IsKey)? block = null;
        for (var offset = element.Content; offset < groupEnd && source.TryCount();)
        {
            if (EbmlElement.Parse(window.Get(offset, EbmlElement.LargestHeader), offset) is not { End: { } next } part
                || part.Id == ReferenceBlock)
            {
                return null;
            }

            block = part.Id == MatroskaIds.Block ? (part.Content, next, true) : block;
            offset = next;
        }

        return block;
    }

    private KeyFrame? Read(Track pictures, (long Start, long End, bool IsKey) block, int maxBytes)
    {
        var header = window.Get(block.Start, EbmlElement.LargestHeader);
        var length = header.IsEmpty ? 0 : EbmlElement.LengthOf(header[0]);
        if (length == 0 || header.Length < length + 3
            || (EbmlElement.Number(header[..length]) & ((1UL << (7 * length)) - 1)) != pictures.Number)
        {
            return null;
        }

        var flags = header[length + 2];
        var start = block.Start + length + 3;
        if ((!block.IsKey && (flags & KeyFrameFlag) == 0) || (flags & LacingFlags) != 0)
        {
            return null;
        }

        candidates++;
        if (!KeyFrame.Fits(block.End - start, maxBytes, pictures.Entry is null) || block.End > source.Length)
        {
            return null;
        }

        var sample = source.Copy(start, block.End - start);
        return pictures.Entry is { } entry
            ? SingleFrameMp4.Write(new(entry, SingleFrameMp4.Upright(pictures.Width, pictures.Height)), sample)
            : KeyFrame.OfJpeg(sample);
    }

    /// <param name="Entry">The sample entry that it would have in an MP4; null for JPEG.</param>
    private sealed record Track(ulong Number, byte[]? Entry, int Width, int Height)
    {
        /// <summary>The first picture track, where browsers can play its codec.</summary>
        public static Track? Read(ReadOnlySpan<byte> tracks)
        {
            while (EbmlElement.TryTake(ref tracks, out var id, out var content))
            {
                if (id == MatroskaIds.TrackEntry && MatroskaTracks.ReadTrack(content) is { IsPictures: true } known)
                {
                    return Of(known, content);
                }
            }

            return null;
        }

        private static Track? Of(MatroskaTrack known, ReadOnlySpan<byte> entry)
        {
            var (codec, setup) = ("", Array.Empty<byte>());
            while (EbmlElement.TryTake(ref entry, out var id, out var content))
            {
                switch (id)
                {
                    case MatroskaIds.CodecId:
                        codec = Encoding.Latin1.GetString(content);
                        break;
                    case MatroskaIds.CodecPrivate:
                        setup = content.ToArray();
                        break;
                    case ContentEncodings:
                        return null;
                }
            }

            // The setup is the content of the box that an MP4 has (codec mappings of V_MPEG4/ISO/AVC, V_MPEGH/ISO/HEVC and V_AV1).
            var names = codec switch
            {
                "V_MPEG4/ISO/AVC" => ("avc1", "avcC"),
                "V_MPEGH/ISO/HEVC" => ("hvc1", "hvcC"),
                "V_AV1" => ("av01", "av1C"),
                _ => default((string Entry, string Setup)?),
            };
            if (known is not { Width: { } width, Height: { } height } || (names is not null && setup.Length == 0))
            {
                return null;
            }

            return names is { } boxes ? new(known.Number, EntryOf(boxes, setup, width, height), width, height)
                : codec is "V_MJPEG" ? new(known.Number, null, width, height)
                : null;
        }

        // VisualSampleEntry (ISO/IEC 14496-12, 12.1.3).
        private static byte[] EntryOf((string Entry, string Setup) names, byte[] setup, int width, int height)
        {
            var fields = new byte[78];
            fields[7] = 1;
            BinaryPrimitives.WriteUInt16BigEndian(fields.AsSpan(24), (ushort)width);
            BinaryPrimitives.WriteUInt16BigEndian(fields.AsSpan(26), (ushort)height);
            BinaryPrimitives.WriteUInt32BigEndian(fields.AsSpan(28), 72 << 16);
            BinaryPrimitives.WriteUInt32BigEndian(fields.AsSpan(32), 72 << 16);
            fields[41] = 1;
            fields[75] = 24;
            fields[76] = fields[77] = 0xFF;
            return SingleFrameMp4.Box(names.Entry, fields, SingleFrameMp4.Box(names.Setup, setup));
        }
    }
}
