using System.Buffers.Binary;

namespace HeyGemExport.Media.Avi;

/// <summary>One chunk of a RIFF, which may be a list of others.</summary>
/// <param name="Id">Four characters, as a little-endian number.</param>
/// <param name="List">The type of a list, likewise; 0 for what is none.</param>
/// <param name="Start">Where its header begins.</param>
/// <param name="Size">Bytes of its content, as declared.</param>
internal readonly record struct RiffChunk(uint Id, uint List, long Start, uint Size)
{
    /// <summary>Bytes of an id and a size.</summary>
    public const int Header = 8;

    /// <summary>Bytes of the header of a list.</summary>
    public const int ListHeader = 12;

    /// <summary>Where its content ends.</summary>
    public long End => Start + Header + Size;

    /// <summary>Where the next one begins: at an even address.</summary>
    public long Next => End + (Size % 2);

    /// <summary>Where the chunks of a list begin.</summary>
    public long Content => Start + ListHeader;

    /// <summary>The chunk at an offset; null at the end of the file.</summary>
    public static RiffChunk? At(ByteWindow window, long offset)
    {
        var header = window.Get(offset, ListHeader);
        if (header.Length < Header)
        {
            return null;
        }

        var id = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var isList = header.Length == ListHeader && (header.StartsWith("LIST"u8) || header.StartsWith("RIFF"u8));
        return new RiffChunk(
            id,
            isList ? BinaryPrimitives.ReadUInt32LittleEndian(header[Header..]) : 0,
            offset,
            BinaryPrimitives.ReadUInt32LittleEndian(header[4..]));
    }

    /// <summary>Whether it has this id.</summary>
    public bool Is(ReadOnlySpan<byte> id) => Id == BinaryPrimitives.ReadUInt32LittleEndian(id);

    /// <summary>Whether it is a list of this type.</summary>
    public bool IsListOf(ReadOnlySpan<byte> type) => List == BinaryPrimitives.ReadUInt32LittleEndian(type);

    /// <summary>The number of the stream that an id such as <c>01wb</c> begins with; null for other ids.</summary>
    public static int? StreamOf(uint id)
    {
        var (tens, ones) = (HexOf(id & 0xFF), HexOf((id >> 8) & 0xFF));
        return tens is null || ones is null || !IsLetter((id >> 16) & 0xFF) || !IsLetter(id >> 24) ? null : (10 * tens) + ones;
    }

    // Decimal in the standard, and hexadecimal by some writers of many streams; what counts is that streams differ.
    private static int? HexOf(uint character) => character switch
    {
        >= '0' and <= '9' => (int)character - '0',
        >= 'A' and <= 'F' => (int)character - 'A' + 10,
        >= 'a' and <= 'f' => (int)character - 'a' + 10,
        _ => null,
    };

    private static bool IsLetter(uint character) => character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
}
