using System.Buffers.Binary;
using System.Text;

namespace HeyGemExport.Archives;

/// <summary>The fields of a local or a central header, ZIP64 resolved; the offset is that of the local header.</summary>
/// <param name="Timestamp">The time of modification in seconds since 1970; null without an extended timestamp.</param>
internal sealed record ZipHeader(
    string Name, ushort Flags, ushort Method, uint DosTime, uint Crc, long Compressed, long Uncompressed, long Offset, int? Timestamp);

/// <summary>Reads the records of an archive sequentially. Formats: APPNOTE.TXT 4.3.7, 4.3.12 to 4.3.16, 4.5.3.</summary>
internal static class ZipRecords
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InvalidDataException">There is something else at this place.</exception>
    /// <exception cref="EndOfStreamException">The archive ends here.</exception>
    public static async ValueTask<ZipHeader> ReadLocalAsync(ArchiveReader reader)
    {
        var offset = reader.Position;
        var fixedPart = await reader.ReadExactlyAsync(ZipFormat.LocalHeaderBytes);
        Expect(fixedPart, ZipFormat.LocalSignature, "local header");
        var name = await reader.ReadExactlyAsync(UInt16(fixedPart, 26));
        var extra = await reader.ReadExactlyAsync(UInt16(fixedPart, 28));
        return Header(fixedPart.AsSpan(6), name, extra, UInt32(fixedPart, 18), UInt32(fixedPart, 22), offset);
    }

    /// <exception cref="InvalidDataException">There is something else at this place.</exception>
    /// <exception cref="EndOfStreamException">The archive ends here.</exception>
    public static async ValueTask<ZipHeader> ReadCentralAsync(ArchiveReader reader)
    {
        var fixedPart = await reader.ReadExactlyAsync(ZipFormat.CentralHeaderBytes);
        Expect(fixedPart, ZipFormat.CentralSignature, "central header");
        var name = await reader.ReadExactlyAsync(UInt16(fixedPart, 28));
        var extra = await reader.ReadExactlyAsync(UInt16(fixedPart, 30));
        await reader.ReadExactlyAsync(UInt16(fixedPart, 32));
        return Header(fixedPart.AsSpan(8), name, extra, UInt32(fixedPart, 20), UInt32(fixedPart, 24), UInt32(fixedPart, 42));
    }

    /// <exception cref="EndOfStreamException">The archive ends here.</exception>
    public static async ValueTask ReadEndAsync(ArchiveReader reader, long directoryOffset, long entries)
    {
        var directoryBytes = reader.Position - directoryOffset;
        var zip64Offset = reader.Position;
        var end = await reader.ReadExactlyAsync(ZipFormat.EndBytes);
        var isZip64 = UInt32(end, 0) == ZipFormat.Zip64EndSignature;
        if (isZip64)
        {
            byte[] zip64 = [.. end, .. await reader.ReadExactlyAsync(ZipFormat.Zip64EndBytes - ZipFormat.EndBytes)];
            ExpectEqual(Int64(zip64, 4), ZipFormat.Zip64EndBytes - 12);
            ExpectEqual(Int64(zip64, 24), entries);
            ExpectEqual(Int64(zip64, 32), entries);
            ExpectEqual(Int64(zip64, 40), directoryBytes);
            ExpectEqual(Int64(zip64, 48), directoryOffset);
            var locator = await reader.ReadExactlyAsync(ZipFormat.Zip64LocatorBytes);
            Expect(locator, ZipFormat.Zip64LocatorSignature, "ZIP64 locator");
            ExpectEqual(Int64(locator, 8), zip64Offset);
            end = await reader.ReadExactlyAsync(ZipFormat.EndBytes);
        }

        Expect(end, ZipFormat.EndSignature, "end of central directory");
        ExpectIn32(UInt16(end, 8), ZipFormat.In64Bit16, entries, isZip64);
        ExpectIn32(UInt16(end, 10), ZipFormat.In64Bit16, entries, isZip64);
        ExpectIn32(UInt32(end, 12), ZipFormat.In64Bit32, directoryBytes, isZip64);
        ExpectIn32(UInt32(end, 16), ZipFormat.In64Bit32, directoryOffset, isZip64);
        ExpectEqual(UInt16(end, 20), 0);
    }

    // From the flags on, both kinds of header have the same fields in the same order.
    private static ZipHeader Header(ReadOnlySpan<byte> common, byte[] name, byte[] extra, uint compressed, uint uncompressed, long offset)
    {
        var zip64 = Field(extra, ZipFormat.Zip64ExtraId);
        return new ZipHeader(
            NameOf(name),
            Flags: BinaryPrimitives.ReadUInt16LittleEndian(common),
            Method: BinaryPrimitives.ReadUInt16LittleEndian(common[2..]),
            DosTime: BinaryPrimitives.ReadUInt32LittleEndian(common[4..]),
            Crc: BinaryPrimitives.ReadUInt32LittleEndian(common[8..]),
            Uncompressed: Resolve(uncompressed, ref zip64),
            Compressed: Resolve(compressed, ref zip64),
            Offset: Resolve(offset, ref zip64),
            Timestamp: Field(extra, ZipFormat.TimestampId) is { Length: ZipFormat.TimestampBytes - 4 } timestamp
                ? BinaryPrimitives.ReadInt32LittleEndian(timestamp[1..])
                : null);
    }

    private static string NameOf(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (ArgumentException notUtf8)
        {
            throw new InvalidDataException("name is not UTF-8", notUtf8);
        }
    }

    /// <summary>The content of an extra field; empty when there is none.</summary>
    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> extra, ushort id)
    {
        while (extra.Length >= 4)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == id)
            {
                return extra.Slice(4, size);
            }

            extra = extra[(4 + size)..];
        }

        return extra.IsEmpty ? [] : throw new InvalidDataException("extra field");
    }

    /// <summary>The value, or the next one of the ZIP64 field when the value refers to it.</summary>
    private static long Resolve(long value, ref ReadOnlySpan<byte> zip64)
    {
        if (value != ZipFormat.In64Bit32 || zip64.Length < sizeof(long))
        {
            return value;
        }

        var resolved = BinaryPrimitives.ReadInt64LittleEndian(zip64);
        zip64 = zip64[sizeof(long)..];
        return resolved;
    }

    private static ushort UInt16(byte[] record, int at) => BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(at));

    private static uint UInt32(byte[] record, int at) => BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(at));

    private static long Int64(byte[] record, int at) => BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(at));

    private static void Expect(byte[] record, uint signature, string what)
    {
        if (UInt32(record, 0) != signature)
        {
            throw new InvalidDataException($"no {what}");
        }
    }

    private static void ExpectEqual(long found, long expected)
    {
        if (found != expected)
        {
            throw new InvalidDataException($"end of central directory: {found} instead of {expected}");
        }
    }

    private static void ExpectIn32(long found, long in64, long expected, bool isZip64)
    {
        if (!isZip64 || found != in64)
        {
            ExpectEqual(found, expected);
        }
    }
}
