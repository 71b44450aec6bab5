using System.Buffers.Binary;

namespace HeyGemExport.Archives;

/// <summary>Sits between a <see cref="System.IO.Compression.ZipArchive"/> and its file, and does what that class has no option for:
/// adds extended timestamps to the headers, reserves room for a ZIP64 extra field in the local header of a large entry, turns the data
/// descriptor that the class appends to such an entry into that field, and discards what the class writes while it unwinds after a
/// failure.</summary>
/// <remarks>The class knows an entry's length only after writing it. Past 4 GiB it has no room in the local header and falls back to a data
/// descriptor, which macOS, libarchive and Java's streaming reader reject. It measures the compressed length by the position of this stream
/// before and after the data, so what is inserted between header and data does not affect it. Format: APPNOTE.TXT 4.3.7 (local header),
/// 4.3.9 (data descriptor), 4.5.3 (ZIP64 extra field).</remarks>
internal sealed class ZipTarget(Stream inner) : Stream
{
    private readonly List<byte[]> timestamps = [];

    private long headerStart;
    private int headerLeft;
    private byte[] header = [];
    private byte[] extra = [];
    private int extraBytes;
    private long dataEnd;
    private bool anyConverted;
    private bool abandoned;

    public override bool CanRead => false;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set
        {
            // The class seeks back to fill in the local header: the entry's data end here.
            if (value < inner.Position)
            {
                dataEnd = inner.Position;
            }

            inner.Position = value;
        }
    }

    public void Abandon() => abandoned = true;

    /// <summary>The local header must be written next.</summary>
    /// <param name="isLarge">Whether it needs room for ZIP64 lengths.</param>
    public void BeginEntry(int nameBytes, DateTimeOffset modifiedAt, bool isLarge)
    {
        headerStart = inner.Position;
        header = new byte[ZipFormat.LocalHeaderBytes + nameBytes];
        headerLeft = header.Length;
        extraBytes = 0;
        timestamps.Add(ZipFormat.TimestampField(modifiedAt));
        extra = [.. isLarge ? new byte[ZipFormat.Zip64LengthsBytes] : [], .. timestamps[^1]];
    }

    /// <summary>Seeks back before the data descriptor, which the next header then overwrites.</summary>
    public async ValueTask CompleteZip64Async(long uncompressed, uint crc, CancellationToken cancellationToken)
    {
        inner.Position = headerStart;
        await inner.ReadExactlyAsync(header.AsMemory(0, ZipFormat.LocalHeaderBytes), cancellationToken);
        var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26));
        var extraStart = headerStart + ZipFormat.LocalHeaderBytes + nameBytes;
        var compressed = dataEnd - extraStart - extraBytes;

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(6));
        anyConverted |= (flags & ZipFormat.DescriptorFlag) != 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), ZipFormat.Zip64Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)(flags & ~ZipFormat.DescriptorFlag));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(14), crc);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(18), ZipFormat.In64Bit32);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(22), ZipFormat.In64Bit32);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), (ushort)extraBytes);

        var zip64 = new byte[ZipFormat.Zip64LengthsBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(zip64, ZipFormat.Zip64ExtraId);
        BinaryPrimitives.WriteUInt16LittleEndian(zip64.AsSpan(2), ZipFormat.Zip64LengthsBytes - 4);
        BinaryPrimitives.WriteInt64LittleEndian(zip64.AsSpan(4), uncompressed);
        BinaryPrimitives.WriteInt64LittleEndian(zip64.AsSpan(12), compressed);

        inner.Position = headerStart;
        await inner.WriteAsync(header.AsMemory(0, ZipFormat.LocalHeaderBytes), cancellationToken);
        inner.Position = extraStart;
        await inner.WriteAsync(zip64, cancellationToken);
        inner.Position = dataEnd;
    }

    /// <summary>Writes the directory anew: with the timestamps, and without the flag of the descriptors that
    /// <see cref="CompleteZip64Async"/> removed, as local and central flags must agree.</summary>
    public async ValueTask CompleteDirectoryAsync(long directoryStart, CancellationToken cancellationToken)
    {
        var old = new byte[inner.Length - directoryStart];
        inner.Position = directoryStart;
        await inner.ReadExactlyAsync(old, cancellationToken);
        using var directory = new MemoryStream(old.Length + (timestamps.Count * ZipFormat.TimestampBytes));
        var at = 0;
        foreach (var timestamp in timestamps)
        {
            var record = old.AsSpan(at);
            var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(record[28..]);
            var ownBytes = BinaryPrimitives.ReadUInt16LittleEndian(record[30..]);
            var flags = BinaryPrimitives.ReadUInt16LittleEndian(record[8..]);
            BinaryPrimitives.WriteUInt16LittleEndian(record[8..], (ushort)(flags & ~ZipFormat.DescriptorFlag));
            BinaryPrimitives.WriteUInt16LittleEndian(record[30..], (ushort)(ownBytes + timestamp.Length));
            var length = ZipFormat.CentralHeaderBytes + nameBytes + ownBytes;
            directory.Write(record[..length]);
            directory.Write(timestamp);
            at += length + BinaryPrimitives.ReadUInt16LittleEndian(record[32..]);
        }

        CorrectEnd(old.AsSpan(at), directoryStart, directory.Length);
        directory.Write(old.AsSpan(at));
        inner.Position = directoryStart;
        await inner.WriteAsync(directory.GetBuffer().AsMemory(0, (int)directory.Length), cancellationToken);
    }

    /// <summary>The records after the directory say how long it is, and where they are.</summary>
    private static void CorrectEnd(Span<byte> end, long directoryStart, long directoryBytes)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) == ZipFormat.Zip64EndSignature)
        {
            BinaryPrimitives.WriteInt64LittleEndian(end[40..], directoryBytes);
            BinaryPrimitives.WriteInt64LittleEndian(end[(ZipFormat.Zip64EndBytes + 8)..], directoryStart + directoryBytes);
            end = end[(ZipFormat.Zip64EndBytes + ZipFormat.Zip64LocatorBytes)..];
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(end[12..]) != ZipFormat.In64Bit32)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)directoryBytes);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => inner.Position + offset,
        _ => inner.Length + offset,
    };

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (abandoned)
        {
            return;
        }

        if (TakeHeader(buffer) is var taken && taken > 0)
        {
            buffer = buffer[taken..];
            if (headerLeft == 0)
            {
                inner.Write(header);
                inner.Write(extra);
            }
        }

        if (!buffer.IsEmpty)
        {
            inner.Write(buffer);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (abandoned)
        {
            return;
        }

        if (TakeHeader(buffer.Span) is var taken && taken > 0)
        {
            buffer = buffer[taken..];
            if (headerLeft == 0)
            {
                await WriteInnerAsync((byte[])[.. header, .. extra], cancellationToken);
            }
        }

        if (!buffer.IsEmpty)
        {
            await WriteInnerAsync(buffer, cancellationToken);
        }
    }

    private ValueTask WriteInnerAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.Length > ArchiveBuilder.SmallBytes)
        {
            return inner.WriteAsync(buffer, cancellationToken);
        }

        inner.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => inner.SetLength(value);

    /// <summary>Collects the local header, until it is complete and says how long its extra fields are.</summary>
    private int TakeHeader(ReadOnlySpan<byte> buffer)
    {
        var taken = Math.Min(headerLeft, buffer.Length);
        buffer[..taken].CopyTo(header.AsSpan(header.Length - headerLeft));
        headerLeft -= taken;
        if (taken == 0 || headerLeft > 0)
        {
            return taken;
        }

        if (extraBytes == 0 && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28)) is > 0 and var ownExtra)
        {
            // Behind 4 GiB the class has a ZIP64 field of its own right after the name, and fills it in later.
            (extraBytes, headerLeft) = (ownExtra, ownExtra);
            Array.Resize(ref header, header.Length + ownExtra);
            extra = timestamps[^1];
            return taken + TakeHeader(buffer[taken..]);
        }

        extraBytes += extra.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), (ushort)extraBytes);
        return taken;
    }
}
