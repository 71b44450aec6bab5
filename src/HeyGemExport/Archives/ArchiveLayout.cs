using System.Buffers.Binary;
using System.Text;

namespace HeyGemExport.Archives;

/// <summary>An entry of a stored archive, known before a byte of it is read.</summary>
/// <param name="Name">Name in the archive.</param>
/// <param name="Bytes">Length of its content.</param>
/// <param name="Crc32">CRC-32 of its content.</param>
/// <param name="LocalTime">Last write time in the zone of the archive; ZIP keeps local time without saying whose.</param>
/// <param name="ModifiedAt">Last write time, for the extended timestamp; null for none.</param>
internal sealed record LayoutEntry(string Name, long Bytes, uint Crc32, DateTime LocalTime, DateTimeOffset? ModifiedAt = null);

/// <summary>A run of an archive's bytes: records of the archive itself, or content of an entry.</summary>
/// <param name="Records">The bytes, where they are records; else empty.</param>
/// <param name="Entry">Index of the entry whose content it is; -1 for records.</param>
/// <param name="Offset">Where in the entry's content it begins.</param>
/// <param name="Count">Its length.</param>
internal readonly record struct LayoutPiece(ReadOnlyMemory<byte> Records, int Entry, long Offset, long Count);

/// <summary>The exact map of a stored archive before it exists: which byte is a header, and which comes from which entry. The same
/// entries give the same bytes, everywhere and always.</summary>
/// <remarks>Lengths and CRC are in the local headers, and no data descriptor follows
/// (<c>docs/decisions/0004-no-data-descriptors.md</c>); ZIP64
/// fields and records are there only where a value needs them. Formats: APPNOTE.TXT 4.3.7, 4.3.12 to 4.3.16, 4.5.3.
/// Memory: 16 bytes for each entry; headers are made when they are asked for.</remarks>
internal sealed class ArchiveLayout
{
    /// <summary>Version needed to extract a stored file: 1.0 (4.4.3.2).</summary>
    private const ushort StoredVersion = 10;

    /// <summary>Made by Unix (3), as the external attributes say, after version 4.5 of the format (4.4.2).</summary>
    private const ushort MadeBy = (3 << 8) | ZipFormat.Zip64Version;

    private readonly IReadOnlyList<LayoutEntry> entries;

    // Where each local header and each central header begins; one more for the end of the last.
    private readonly long[] localStarts;
    private readonly long[] centralStarts;

    public ArchiveLayout(IReadOnlyList<LayoutEntry> entries)
    {
        this.entries = entries;
        localStarts = new long[entries.Count + 1];
        centralStarts = new long[entries.Count + 1];
        for (var i = 0; i < entries.Count; i++)
        {
            localStarts[i + 1] = localStarts[i] + LocalHeaderBytes(entries[i]) + entries[i].Bytes;
        }

        centralStarts[0] = localStarts[^1];
        for (var i = 0; i < entries.Count; i++)
        {
            centralStarts[i + 1] = centralStarts[i] + ZipFormat.CentralHeaderBytes + NameBytes(entries[i]) + Zip64CentralBytes(i)
                + TimestampBytes(entries[i]);
        }

        Length = centralStarts[^1] + EndRecords().Length;
    }

    /// <summary>Length of the archive in bytes.</summary>
    public long Length { get; }

    /// <summary>Where the content of an entry begins.</summary>
    public long ContentOffset(int index) => localStarts[index] + LocalHeaderBytes(entries[index]);

    /// <summary>The bytes from an offset, in order.</summary>
    /// <param name="offset">From 0.</param>
    /// <param name="count">How many; as many as there are where it is more.</param>
    public IEnumerable<LayoutPiece> Pieces(long offset, long count)
    {
        var end = Math.Min(Length, offset + count);
        while (offset < end)
        {
            var piece = PieceAt(offset);
            var wanted = Math.Min(piece.Count, end - offset);
            yield return piece with { Count = wanted, Records = piece.Entry < 0 ? piece.Records[..(int)wanted] : default };
            offset += wanted;
        }
    }

    private LayoutPiece PieceAt(long offset)
    {
        if (offset >= centralStarts[^1])
        {
            return Records(EndRecords(), offset - centralStarts[^1]);
        }

        if (offset >= localStarts[^1])
        {
            var central = IndexAt(centralStarts, offset);
            return Records(CentralHeader(central), offset - centralStarts[central]);
        }

        var index = IndexAt(localStarts, offset);
        var within = offset - localStarts[index];
        var headerBytes = LocalHeaderBytes(entries[index]);
        return within < headerBytes
            ? Records(LocalHeader(entries[index]), within)
            : new LayoutPiece(default, index, within - headerBytes, entries[index].Bytes - (within - headerBytes));
    }

    private static LayoutPiece Records(byte[] records, long from) =>
        new(records.AsMemory((int)from), Entry: -1, from, records.Length - from);

    // Starts rise from one to the next, since no header is empty.
    private static int IndexAt(long[] starts, long offset)
    {
        var found = Array.BinarySearch(starts, offset);
        return found >= 0 ? found : ~found - 1;
    }

    private static int NameBytes(LayoutEntry entry) => Encoding.UTF8.GetByteCount(entry.Name);

    private static bool NeedsZip64(long value) => value >= ZipFormat.In64Bit32;

    private static int LocalHeaderBytes(LayoutEntry entry) =>
        ZipFormat.LocalHeaderBytes + NameBytes(entry) + LocalExtraBytes(entry);

    private static int LocalExtraBytes(LayoutEntry entry) =>
        (NeedsZip64(entry.Bytes) ? ZipFormat.Zip64LengthsBytes : 0) + TimestampBytes(entry);

    private static int TimestampBytes(LayoutEntry entry) => ZipFormat.Timestamp(entry.ModifiedAt) is null ? 0 : ZipFormat.TimestampBytes;

    private int Zip64CentralBytes(int index) => (NeedsZip64(entries[index].Bytes), NeedsZip64(localStarts[index])) switch
    {
        (true, true) => ZipFormat.Zip64FullBytes,
        (true, false) => ZipFormat.Zip64LengthsBytes,
        (false, true) => ZipFormat.Zip64LengthsBytes - sizeof(long),
        _ => 0,
    };

    private static byte[] LocalHeader(LayoutEntry entry)
    {
        var large = NeedsZip64(entry.Bytes);
        var record = new RecordWriter(LocalHeaderBytes(entry));
        record.UInt32(ZipFormat.LocalSignature);
        var version = large ? ZipFormat.Zip64Version : StoredVersion;
        Common(ref record, entry, large, LocalExtraBytes(entry), version);
        record.Text(entry.Name);
        if (large)
        {
            Zip64Field(ref record, entry.Bytes, entry.Bytes);
        }

        record.Field(ZipFormat.TimestampField(entry.ModifiedAt));
        return record.Bytes;
    }

    private byte[] CentralHeader(int index)
    {
        var entry = entries[index];
        var zip64Bytes = Zip64CentralBytes(index);
        var extraBytes = zip64Bytes + TimestampBytes(entry);
        var record = new RecordWriter(ZipFormat.CentralHeaderBytes + NameBytes(entry) + extraBytes);
        record.UInt32(ZipFormat.CentralSignature);
        record.UInt16(MadeBy);
        Common(ref record, entry, NeedsZip64(entry.Bytes), extraBytes, zip64Bytes > 0 ? ZipFormat.Zip64Version : StoredVersion);
        record.UInt16(0); // comment
        record.UInt16(0); // disk
        record.UInt16(0); // internal attributes
        record.UInt32(unchecked((uint)ZipFormat.RegularFile0644));
        record.UInt32(NeedsZip64(localStarts[index]) ? ZipFormat.In64Bit32 : (uint)localStarts[index]);
        record.Text(entry.Name);
        switch (NeedsZip64(entry.Bytes), NeedsZip64(localStarts[index]))
        {
            case (true, true):
                Zip64Field(ref record, entry.Bytes, entry.Bytes, localStarts[index]);
                break;
            case (true, false):
                Zip64Field(ref record, entry.Bytes, entry.Bytes);
                break;
            case (false, true):
                Zip64Field(ref record, localStarts[index]);
                break;
        }

        record.Field(ZipFormat.TimestampField(entry.ModifiedAt));
        return record.Bytes;
    }

    /// <summary>The fields that both kinds of header have in the same order, from the version needed to the length of the extra
    /// fields.</summary>
    private static void Common(ref RecordWriter record, LayoutEntry entry, bool large, int extraBytes, ushort version)
    {
        record.UInt16(version);
        record.UInt16(Ascii.IsValid(entry.Name) ? (ushort)0 : ZipFormat.Utf8Flag);
        record.UInt16(ZipFormat.Stored);
        record.UInt32(DosTime(entry.LocalTime));
        record.UInt32(entry.Crc32);
        record.UInt32(large ? ZipFormat.In64Bit32 : (uint)entry.Bytes);
        record.UInt32(large ? ZipFormat.In64Bit32 : (uint)entry.Bytes);
        record.UInt16((ushort)NameBytes(entry));
        record.UInt16((ushort)extraBytes);
    }

    private static void Zip64Field(ref RecordWriter record, params ReadOnlySpan<long> values)
    {
        record.UInt16(ZipFormat.Zip64ExtraId);
        record.UInt16((ushort)(values.Length * sizeof(long)));
        foreach (var value in values)
        {
            record.Int64(value);
        }
    }

    private byte[] EndRecords()
    {
        var (start, bytes) = (centralStarts[0], centralStarts[^1] - centralStarts[0]);
        var isZip64 = entries.Count >= ZipFormat.In64Bit16 || NeedsZip64(start) || NeedsZip64(bytes);
        var record = new RecordWriter(ZipFormat.EndBytes + (isZip64 ? ZipFormat.Zip64EndBytes + ZipFormat.Zip64LocatorBytes : 0));
        if (isZip64)
        {
            record.UInt32(ZipFormat.Zip64EndSignature);
            record.Int64(ZipFormat.Zip64EndBytes - 12); // what follows this field
            record.UInt16(MadeBy);
            record.UInt16(ZipFormat.Zip64Version);
            record.UInt32(0); // this disk
            record.UInt32(0); // disk of the directory
            record.Int64(entries.Count);
            record.Int64(entries.Count);
            record.Int64(bytes);
            record.Int64(start);
            record.UInt32(ZipFormat.Zip64LocatorSignature);
            record.UInt32(0); // disk of the record
            record.Int64(centralStarts[^1]);
            record.UInt32(1); // disks
        }

        record.UInt32(ZipFormat.EndSignature);
        record.UInt16(0); // this disk
        record.UInt16(0); // disk of the directory
        record.UInt16((ushort)Math.Min(entries.Count, ZipFormat.In64Bit16));
        record.UInt16((ushort)Math.Min(entries.Count, ZipFormat.In64Bit16));
        record.UInt32((uint)Math.Min(bytes, ZipFormat.In64Bit32));
        record.UInt32((uint)Math.Min(start, ZipFormat.In64Bit32));
        record.UInt16(0); // comment
        return record.Bytes;
    }

    /// <summary>Date and time of MS-DOS, in steps of two seconds from 1980 to 2107 (4.4.6).</summary>
    private static uint DosTime(DateTime time)
    {
        var clamped = ZipFormat.ClampTime(time);
        return (uint)(((clamped.Year - 1980) << 25) | (clamped.Month << 21) | (clamped.Day << 16)
            | (clamped.Hour << 11) | (clamped.Minute << 5) | (clamped.Second / 2));
    }

    private ref struct RecordWriter(int bytes)
    {
        private int at;

        public byte[] Bytes { get; } = new byte[bytes];

        public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(sizeof(ushort)), value);

        public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

        public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

        public void Field(ReadOnlySpan<byte> field) => field.CopyTo(Take(field.Length));

        public void Text(string text) => at += Encoding.UTF8.GetBytes(text, Bytes.AsSpan(at));

        private Span<byte> Take(int count) => Bytes.AsSpan((at += count) - count, count);
    }
}
