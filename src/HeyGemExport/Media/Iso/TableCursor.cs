using System.Buffers.Binary;

namespace HeyGemExport.Media.Iso;

/// <summary>A table in a box, read through a window of its own, so that several can be read side by side.</summary>
/// <param name="source">Where the table is.</param>
/// <param name="first">Offset of its first entry.</param>
/// <param name="count">Its entries.</param>
/// <param name="width">Bytes of an entry.</param>
internal sealed class TableCursor(ByteSource source, long first, long count, int width)
{
    private readonly ByteWindow window = new(source);

    /// <summary>Its entries.</summary>
    public long Count => count;

    /// <summary>Bytes of all entries.</summary>
    public long Bytes => count * width;

    /// <summary>A table whose header is a version with flags and the number of entries; empty where the box is null or too short for
    /// it.</summary>
    public static TableCursor Of(ByteSource source, ByteWindow window, IsoBox? box, int width)
    {
        if (box is not { Size: >= 8 } table)
        {
            return new TableCursor(source, 0, 0, width);
        }

        var declared = BinaryPrimitives.ReadUInt32BigEndian(window.Get(table.Content + 4, 4));
        return new TableCursor(source, table.Content + 8, Math.Min(declared, (table.Size - 8) / width), width);
    }

    /// <summary>A field of an entry. Zero past the end of the file.</summary>
    public uint U32(long index, int at = 0) =>
        window.Get(first + (index * width) + at, 4) is { Length: 4 } field ? BinaryPrimitives.ReadUInt32BigEndian(field) : 0;

    /// <summary>A field of an entry, likewise.</summary>
    public ulong U64(long index) =>
        window.Get(first + (index * width), 8) is { Length: 8 } field ? BinaryPrimitives.ReadUInt64BigEndian(field) : 0;

    /// <summary>One byte of the table.</summary>
    public byte U8(long at) => window.Get(first + at, 1) is [var value] ? value : (byte)0;
}
