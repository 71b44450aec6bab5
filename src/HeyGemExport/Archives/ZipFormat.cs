using System.Buffers.Binary;

namespace HeyGemExport.Archives;

/// <summary>Numbers of the ZIP format, from PKWARE's APPNOTE.TXT 6.3.10 (sections in brackets).</summary>
internal static class ZipFormat
{
    /// <summary>Local file header (4.3.7), without name and extra fields.</summary>
    public const int LocalHeaderBytes = 30;

    /// <summary>Central directory header (4.3.12), without name, extra fields and comment.</summary>
    public const int CentralHeaderBytes = 46;

    /// <summary>End of central directory record (4.3.16), without comment.</summary>
    public const int EndBytes = 22;

    /// <summary>ZIP64 end of central directory record, version 1 (4.3.14).</summary>
    public const int Zip64EndBytes = 56;

    /// <summary>ZIP64 end of central directory locator (4.3.15).</summary>
    public const int Zip64LocatorBytes = 20;

    /// <summary>ZIP64 extra field (4.5.3) with both lengths: id, size, uncompressed, compressed.</summary>
    public const int Zip64LengthsBytes = 20;

    /// <summary>ZIP64 extra field with both lengths and the offset, the most that a central header has.</summary>
    public const int Zip64FullBytes = 28;

    public const uint LocalSignature = 0x04034b50;
    public const uint CentralSignature = 0x02014b50;
    public const uint EndSignature = 0x06054b50;
    public const uint Zip64EndSignature = 0x06064b50;
    public const uint Zip64LocatorSignature = 0x07064b50;

    /// <summary>General purpose bit 3 (4.4.4): lengths and CRC follow the data, in a data descriptor.</summary>
    public const ushort DescriptorFlag = 1 << 3;

    /// <summary>General purpose bit 11 (4.4.4): the name is UTF-8.</summary>
    public const ushort Utf8Flag = 1 << 11;

    public const ushort Stored = 0;
    public const ushort Deflated = 8;

    /// <summary>Version needed to extract for ZIP64: 4.5 (4.4.3.2).</summary>
    public const ushort Zip64Version = 45;

    /// <summary>Id of the ZIP64 extra field (4.5.3).</summary>
    public const ushort Zip64ExtraId = 0x0001;

    /// <summary>Id of Info-ZIP's extended timestamp: the instant, which the other time, local and without a zone, does not tell.</summary>
    /// <remarks>https://libzip.org/specifications/extrafld.txt</remarks>
    public const ushort TimestampId = 0x5455;

    /// <summary>Extended timestamp with the time of modification alone, in both headers: id, size, flags, seconds since 1970.</summary>
    public const int TimestampBytes = 9;

    /// <summary>Of an extended timestamp: it has the time of modification.</summary>
    public const byte HasModifiedTime = 1;

    /// <summary>In a 16-bit field: the value is in the ZIP64 record.</summary>
    public const ushort In64Bit16 = ushort.MaxValue;

    /// <summary>In a 32-bit field: the value is in the ZIP64 extra field or record.</summary>
    public const uint In64Bit32 = uint.MaxValue;

    /// <summary>External attributes of a regular file with permissions 0644, as Unix writes them into the upper half.</summary>
    public const int RegularFile0644 = unchecked((int)0x81A4_0000);

    /// <summary>The seconds of an extended timestamp, which has 32 bits; null for a time that it cannot hold.</summary>
    public static int? Timestamp(DateTimeOffset? time) =>
        time?.ToUnixTimeSeconds() is >= int.MinValue and <= int.MaxValue and var seconds ? (int)seconds : null;

    /// <summary>The extended timestamp of a time; empty for one that it cannot hold.</summary>
    public static byte[] TimestampField(DateTimeOffset? time)
    {
        if (Timestamp(time) is not { } seconds)
        {
            return [];
        }

        var field = new byte[TimestampBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(field, TimestampId);
        BinaryPrimitives.WriteUInt16LittleEndian(field.AsSpan(2), TimestampBytes - 4);
        field[4] = HasModifiedTime;
        BinaryPrimitives.WriteInt32LittleEndian(field.AsSpan(5), seconds);
        return field;
    }

    private static readonly DateTime FirstTime = new(1980, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    private static readonly DateTime LastTime = new(2107, 12, 31, 23, 59, 58, DateTimeKind.Unspecified);

    /// <summary>The nearest time that the format can hold: it reaches from 1980 to 2107 (4.4.6).</summary>
    public static DateTime ClampTime(DateTime local) => local < FirstTime ? FirstTime : local > LastTime ? LastTime : local;
}
