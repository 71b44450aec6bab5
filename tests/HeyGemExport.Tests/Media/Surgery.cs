using System.Buffers.Binary;
using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.Media;

/// <summary>Changes to whole files: such as nobody minds, and such as leave something missing.</summary>
internal static class Surgery
{
    /// <summary>Bytes that programs and file systems put behind a file.</summary>
    public static IReadOnlyDictionary<string, byte[]> Tails { get; } = new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["1 zero"] = new byte[1],
        ["3 zeros"] = new byte[3],
        ["8 zeros"] = new byte[8],
        ["a sector of zeros"] = new byte[512],
        ["a cluster of zeros"] = new byte[65_536],
        ["ID3v1"] = [.. "TAG"u8, .. "A title"u8, .. new byte[118]],
        ["APE"] = [.. "APETAGEX"u8, 0xD0, 7, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, .. new byte[8]],
        ["XMP"] = [.. "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta/><?xpacket end='w'?>"u8],
        ["a newline"] = [10],
        ["a camera's trailer"] = [.. Enumerable.Range(0, 300).Select(index => (byte)(200 + (index % 50)))],
    };

    /// <summary>Boxes that may stand in front of <c>ftyp</c>.</summary>
    public static IReadOnlyList<string> Heads { get; } = ["free", "skip", "wide", "pnot", "pdin", "prft", "thum", "junk", "uuid"];

    public static byte[] Cut(byte[] file, int percent) => file[..(int)((long)file.Length * percent / 100)];

    /// <summary>As a copier leaves it that reserves the length first.</summary>
    public static byte[] ZerosFrom(byte[] file, int percent)
    {
        var changed = (byte[])file.Clone();
        changed.AsSpan((int)((long)file.Length * percent / 100)).Clear();
        return changed;
    }

    /// <summary>Puts bytes in front of an MP4 and moves the offsets of its chunks.</summary>
    public static byte[] PutInFront(byte[] mp4, byte[] head)
    {
        var changed = (byte[])mp4.Clone();
        for (var at = changed.AsSpan().IndexOf("stco"u8); at >= 0;)
        {
            var count = BinaryPrimitives.ReadInt32BigEndian(changed.AsSpan(at + 8));
            for (var entry = 0; entry < count; entry++)
            {
                var field = changed.AsSpan(at + 12 + (4 * entry));
                BinaryPrimitives.WriteInt32BigEndian(field, BinaryPrimitives.ReadInt32BigEndian(field) + head.Length);
            }

            var next = changed.AsSpan(at + 4).IndexOf("stco"u8);
            at = next < 0 ? -1 : at + 4 + next;
        }

        return [.. head, .. changed];
    }

    /// <summary>Renames the first box of a type.</summary>
    public static byte[] Rename(byte[] file, string from, string to)
    {
        var changed = (byte[])file.Clone();
        ClipBytes.Ascii(to).CopyTo(changed, changed.AsSpan().IndexOf(ClipBytes.Ascii(from)));
        return changed;
    }

    /// <summary>Lets <c>mdat</c>, the last box, reach "to the end".</summary>
    public static byte[] OpenMedia(byte[] mp4)
    {
        var changed = (byte[])mp4.Clone();
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(changed.AsSpan().IndexOf("mdat"u8) - 4), 0);
        return changed;
    }

    /// <summary>Where each box of a type begins at the top of a file.</summary>
    public static List<(int Start, int End)> Boxes(byte[] mp4, string type)
    {
        List<(int, int)> found = [];
        for (var at = 0; at + 8 <= mp4.Length;)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(mp4.AsSpan(at));
            if (mp4.AsSpan(at + 4, 4).SequenceEqual(ClipBytes.Ascii(type)))
            {
                found.Add((at, at + size));
            }

            at += Math.Max(8, size);
        }

        return found;
    }

    /// <summary>Adds to the length of the first list of a type, and of the RIFF around it.</summary>
    public static byte[] ChangeLengths(byte[] avi, int difference, bool movi)
    {
        var changed = (byte[])avi.Clone();
        int[] fields = movi ? [4, changed.AsSpan().IndexOf("movi"u8) - 4] : [4];
        foreach (var field in fields)
        {
            BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(field),
                BinaryPrimitives.ReadInt32LittleEndian(changed.AsSpan(field)) + difference);
        }

        return changed;
    }

    /// <summary>Removes <c>idx1</c>, or puts bytes before it.</summary>
    public static byte[] ChangeIndex(byte[] avi, bool keep, byte[] before)
    {
        var at = avi.AsSpan().LastIndexOf("idx1"u8);
        byte[] changed = [.. avi[..at], .. before, .. keep ? avi[at..] : []];
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(4), changed.Length - 8);
        return changed;
    }

    /// <summary>Puts bytes between the clusters of a Matroska, in front of the one with this number, and adds them to the segment's
    /// length.</summary>
    public static byte[] PutBetweenClusters(byte[] mkv, int number, byte[] content)
    {
        var at = -1;
        for (var count = 0; count <= number; count++)
        {
            at = at + 1 + mkv.AsSpan(at + 1).IndexOf<byte>([0x1F, 0x43, 0xB6, 0x75]);
        }

        byte[] changed = [.. mkv[..at], .. content, .. mkv[at..]];
        var length = changed.AsSpan().IndexOf<byte>([0x18, 0x53, 0x80, 0x67]) + 4;
        BinaryPrimitives.WriteUInt64BigEndian(changed.AsSpan(length),
            BinaryPrimitives.ReadUInt64BigEndian(changed.AsSpan(length)) + (ulong)content.Length);
        return changed;
    }
}
