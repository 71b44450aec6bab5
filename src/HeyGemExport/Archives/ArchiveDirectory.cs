using System.Buffers.Binary;

namespace HeyGemExport.Archives;

/// <summary>Finds single entries of a finished archive by its directory. Formats: APPNOTE.TXT 4.3.7, 4.3.12 to 4.3.16.</summary>
internal static class ArchiveDirectory
{
    /// <summary>The entries in the order of the directory.</summary>
    /// <param name="archive">Seekable; an archive of <see cref="ArchiveBuilder"/>, which has no comment at its end.</param>
    /// <exception cref="InvalidDataException">It is not such an archive.</exception>
    /// <exception cref="EndOfStreamException">It ends too early.</exception>
    public static async Task<IReadOnlyList<ZipHeader>> ReadAsync(Stream archive, CancellationToken cancellationToken)
    {
        var endOffset = archive.Length - ZipFormat.EndBytes;
        var end = await ReadAsync(archive, endOffset, ZipFormat.EndBytes, ZipFormat.EndSignature, cancellationToken);
        long count = BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(10));
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16));
        if (count == ZipFormat.In64Bit16 || offset == ZipFormat.In64Bit32)
        {
            var zip64 = await ReadAsync(
                archive, endOffset - ZipFormat.Zip64LocatorBytes - ZipFormat.Zip64EndBytes, ZipFormat.Zip64EndBytes,
                ZipFormat.Zip64EndSignature, cancellationToken);
            count = BinaryPrimitives.ReadInt64LittleEndian(zip64.AsSpan(32));
            offset = BinaryPrimitives.ReadInt64LittleEndian(zip64.AsSpan(48));
        }

        archive.Position = offset;
        await using var reader = new ArchiveReader(archive, cancellationToken);
        var headers = new List<ZipHeader>();
        while (headers.Count < count)
        {
            headers.Add(await ZipRecords.ReadCentralAsync(reader));
        }

        return headers;
    }

    /// <summary>Where the content of an entry begins.</summary>
    /// <inheritdoc cref="ReadAsync(Stream, CancellationToken)"/>
    public static async Task<long> ContentOffsetAsync(Stream archive, ZipHeader entry, CancellationToken cancellationToken)
    {
        var local = await ReadAsync(
            archive, entry.Offset, ZipFormat.LocalHeaderBytes, ZipFormat.LocalSignature, cancellationToken);
        return entry.Offset + local.Length
            + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
    }

    private static async Task<byte[]> ReadAsync(
        Stream archive, long offset, int count, uint signature, CancellationToken cancellationToken)
    {
        var record = new byte[count];
        archive.Position = Math.Max(0, offset);
        await archive.ReadExactlyAsync(record, cancellationToken);
        return BinaryPrimitives.ReadUInt32LittleEndian(record) == signature
            ? record
            : throw new InvalidDataException($"No record {signature:x8} at byte {offset}.");
    }
}
