using System.Buffers.Binary;
using System.Text;

namespace HeyGemExport.Media.Iso;

/// <summary>One box of MP4 or QuickTime: a length, a type, content (ISO/IEC 14496-12, 4.2).</summary>
/// <param name="Type">Four characters, as a number.</param>
/// <param name="Start">Where its header begins.</param>
/// <param name="Content">Where its content begins.</param>
/// <param name="End">Where the next box begins; it can lie past the end of the file.</param>
internal readonly record struct IsoBox(uint Type, long Start, long Content, long End)
{
    /// <summary>Bytes of a length and a type.</summary>
    public const int SmallHeader = 8;

    private const int LargestHeader = 16;

    /// <summary>More children than any box has that is read this way.</summary>
    private const int MaxChildren = 4096;

    /// <summary>Bytes of its content.</summary>
    public long Size => End - Content;

    /// <summary>The box at an offset within a space that ends at <paramref name="end"/>; null when there is none.</summary>
    public static IsoBox? At(ByteWindow window, long offset, long end)
    {
        var header = window.Get(offset, (int)Math.Clamp(end - offset, 0, LargestHeader));
        if (header.Length < SmallHeader)
        {
            return null;
        }

        ulong size = BinaryPrimitives.ReadUInt32BigEndian(header);
        var type = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        var content = SmallHeader;
        switch (size)
        {
            case 0 when type == 0:
                return null;
            case 0:
                size = (ulong)(end - offset);
                break;
            case 1 when header.Length == LargestHeader:
                size = BinaryPrimitives.ReadUInt64BigEndian(header[8..]);
                content = LargestHeader;
                break;
        }

        return size < (ulong)content || size > (ulong)(long.MaxValue - offset)
            ? null
            : new IsoBox(type, offset, offset + content, offset + (long)size);
    }

    /// <summary>The boxes within another one, up to the first that is none or reaches past it.</summary>
    public static List<IsoBox> Children(ByteSource source, ByteWindow window, long content, long end)
    {
        List<IsoBox> children = [];
        for (var offset = content; offset < end && children.Count < MaxChildren && source.TryCount();)
        {
            if (At(window, offset, end) is not { } box || box.End > end)
            {
                break;
            }

            children.Add(box);
            offset = box.End;
        }

        return children;
    }

    /// <summary>A type as a number.</summary>
    public static uint TypeOf(ReadOnlySpan<byte> type) => BinaryPrimitives.ReadUInt32BigEndian(type);

    /// <summary>Whether its type is text, as all registered ones are.</summary>
    public bool IsPrintable => IsText(Type >> 24) && IsText((Type >> 16) & 0xFF) && IsText((Type >> 8) & 0xFF) && IsText(Type & 0xFF);

    private static bool IsText(uint character) => character is (>= ' ' and <= '~') or 0xA9;

    /// <summary>Whether this is a box of a type.</summary>
    public bool Is(ReadOnlySpan<byte> type) => Type == TypeOf(type);

    /// <summary>Whether this is a box of a type of four letters.</summary>
    public bool IsNamed(string type) => Type == (((uint)type[0] << 24) | ((uint)type[1] << 16) | ((uint)type[2] << 8) | type[3]);

    /// <summary>The four characters of a type, one for each byte.</summary>
    public static string TextOf(ReadOnlySpan<byte> type) => Encoding.Latin1.GetString(type);
}
