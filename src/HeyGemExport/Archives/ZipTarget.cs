using System.Buffers.Binary;

namespace HeyGemExport.Archives;

/// <summary>Sits between a <see cref="System.IO.Compression.ZipArchive"/> and its file, and does what that class has no option for:
/// reserves room for a ZIP64 extra field in the local header of a large entry, turns the data descriptor that the class appends to such an
/// entry into that field, and discards what the class writes while it unwinds after a failure.</summary>
/// <remarks>The class knows an entry's length only after writing it. Past 4 GiB it has no room in the local header and falls back to a data
/// descriptor, which macOS, libarchive and Java's streaming reader reject. It measures the compressed length by the position of this stream
/// before and after the data, so 20 bytes inserted between header and data do not affect it. Format: APPNOTE.TXT 4.3.7 (local header),
/// 4.3.9 (data descriptor), 4.5.3 (ZIP64 extra field).</remarks>
internal sealed class ZipTarget(Stream inner) : Stream
{
    private static readonly byte[] Room = new byte[ZipFormat.Zip64LengthsBytes];

    private long headerStart;
    private int headerLeft;
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
    public void ReserveZip64(int nameBytes)
    {
        headerStart = inner.Position;
        headerLeft = ZipFormat.LocalHeaderBytes + nameBytes;
    }

    /// <summary>Seeks back before the data descriptor, which the next header then overwrites.</summary>
    public async ValueTask CompleteZip64Async(long uncompressed, uint crc, CancellationToken cancellationToken)
    {
        var header = new byte[ZipFormat.LocalHeaderBytes];
        inner.Position = headerStart;
        await inner.ReadExactlyAsync(header, cancellationToken);
        var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26));
        var extraStart = headerStart + ZipFormat.LocalHeaderBytes + nameBytes;
        var compressed = dataEnd - extraStart - ZipFormat.Zip64LengthsBytes;

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(6));
        anyConverted |= (flags & ZipFormat.DescriptorFlag) != 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), ZipFormat.Zip64Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)(flags & ~ZipFormat.DescriptorFlag));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(14), crc);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(18), ZipFormat.In64Bit32);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(22), ZipFormat.In64Bit32);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), ZipFormat.Zip64LengthsBytes);

        var extra = new byte[ZipFormat.Zip64LengthsBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(extra, ZipFormat.Zip64ExtraId);
        BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), ZipFormat.Zip64LengthsBytes - 4);
        BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(4), uncompressed);
        BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(12), compressed);

        inner.Position = headerStart;
        await inner.WriteAsync(header, cancellationToken);
        inner.Position = extraStart;
        await inner.WriteAsync(extra, cancellationToken);
        inner.Position = dataEnd;
    }

    /// <summary>For entries whose descriptor <see cref="CompleteZip64Async"/> removed: local and central flags must agree.</summary>
    public async ValueTask CompleteDirectoryAsync(long directoryStart, int entries, CancellationToken cancellationToken)
    {
        var end = inner.Position;
        var record = new byte[ZipFormat.CentralHeaderBytes];
        var at = directoryStart;
        for (var i = 0; anyConverted && i < entries; i++)
        {
            inner.Position = at;
            await inner.ReadExactlyAsync(record, cancellationToken);
            var flags = BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(8));
            if ((flags & ZipFormat.DescriptorFlag) != 0)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(8), (ushort)(flags & ~ZipFormat.DescriptorFlag));
                inner.Position = at;
                await inner.WriteAsync(record, cancellationToken);
            }

            at += ZipFormat.CentralHeaderBytes
                + BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(28))
                + BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(30))
                + BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(32));
        }

        inner.Position = end;
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

        if (TakeHeader(buffer.Length) is var taken && taken > 0)
        {
            inner.Write(buffer[..taken]);
            buffer = buffer[taken..];
            if (headerLeft == 0)
            {
                inner.Write(Room);
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

        if (TakeHeader(buffer.Length) is var taken && taken > 0)
        {
            await inner.WriteAsync(buffer[..taken], cancellationToken);
            buffer = buffer[taken..];
            if (headerLeft == 0)
            {
                await inner.WriteAsync(Room, cancellationToken);
            }
        }

        if (!buffer.IsEmpty)
        {
            await inner.WriteAsync(buffer, cancellationToken);
        }
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => inner.SetLength(value);

    private int TakeHeader(int count)
    {
        var taken = Math.Min(headerLeft, count);
        headerLeft -= taken;
        return taken;
    }
}
