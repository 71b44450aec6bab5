using System.Buffers.Binary;

namespace HeyGemExport.Media.Avi;

/// <summary>Reads what the indexes of an AVI say: <c>idx1</c>, and OpenDML's <c>indx</c> with its <c>ix##</c>.</summary>
internal sealed class AviIndex(ByteSource source, ByteWindow window, AviHeader header)
{
    private const int EntryBytes = 16;
    private const int EntriesTried = 8;

    /// <summary>Entries in one read of <c>idx1</c>; 16 KB.</summary>
    private const int EntriesAtOnce = 1024;

    private const int IndexOfIndexes = 0;
    private const int IndexOfChunks = 1;
    private const int StandardHeader = 24;

    /// <summary>The frames of an <c>idx1</c>; null where it leads elsewhere than to frames. Its entries are an id, flags, an offset
    /// and a size; offsets count from the list's type, from the file's beginning, or from what a writer took for one of
    /// these.</summary>
    /// <param name="first">Where its entries begin.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="movi">The list of frames.</param>
    /// <param name="start">Where the RIFF begins.</param>
    public AviFrames? ReadEntries(long first, long end, RiffChunk movi, long start)
    {
        if (BaseOf(first, end, [movi.Start + RiffChunk.Header, start, movi.Content, movi.Start]) is not { } origin)
        {
            return null;
        }

        var frames = new AviFrames(header);
        RiffChunk? last = null;
        for (var offset = first; offset + EntryBytes <= end; offset += EntriesAtOnce * EntryBytes)
        {
            var entries = window.Get(offset, (int)Math.Min(EntriesAtOnce * EntryBytes, (end - offset) / EntryBytes * EntryBytes));
            for (; entries.Length >= EntryBytes; entries = entries[EntryBytes..])
            {
                var entry = EntryAt(entries, origin);
                if (RiffChunk.StreamOf(entry.Id) is { } stream && frames.Add(stream, entry.Start + RiffChunk.Header, entry.Size))
                {
                    last = last is null || entry.Start > last.Value.Start ? entry : last;
                }
            }
        }

        return last is null || last.Value.End > source.Length || IsThere(last.Value) ? frames : null;
    }

    /// <summary>Adds up OpenDML's indexes. False where there are none; <paramref name="damagedAt"/> where one of them is not what it
    /// should be.</summary>
    public bool TryReadIndexes(AviFrames frames, out long? damagedAt)
    {
        damagedAt = null;
        var found = false;
        for (var number = 0; number < header.Streams.Count; number++)
        {
            var (start, end) = header.Streams[number].Index;
            var head = window.Get(start, 8);
            if (end - start < StandardHeader || head.Length < 8 || head[3] != IndexOfIndexes)
            {
                continue;
            }

            var entries = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(head[4..]), (end - start - StandardHeader) / EntryBytes);
            for (long entry = 0; entry < entries && source.TryCount(); entry++)
            {
                found = true;
                var offset = window.Get(start + StandardHeader + (entry * EntryBytes), 8) is { Length: 8 } field
                    ? BinaryPrimitives.ReadUInt64LittleEndian(field) : 0;
                if (offset > (ulong)source.Length)
                {
                    frames.Add(number, (long)Math.Min(offset, long.MaxValue / 2), 1);
                }
                else if (!TryReadChunk(frames, number, (long)offset))
                {
                    damagedAt ??= (long)offset;
                }
            }
        }

        return found;
    }

    // ix##: bytes of an entry / 4, sub-type, type, entries, id, base offset, 4 bytes reserved; then offset and size, whose highest bit
    // says that it is no key frame. Only the last entries are read: they lie behind the others.
    private bool TryReadChunk(AviFrames frames, int number, long offset)
    {
        var head = window.Get(offset, RiffChunk.Header + StandardHeader);
        if (head.Length < RiffChunk.Header + StandardHeader || !head.StartsWith("ix"u8) || head[11] != IndexOfChunks
            || head[8] is not (2 or 3))
        {
            return false;
        }

        var width = 4 * head[8];
        var size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        long count = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(head[12..]),
            (Math.Max(size, StandardHeader) - StandardHeader) / width);
        var origin = (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(head[20..]), long.MaxValue / 2);
        var first = offset + RiffChunk.Header + StandardHeader;
        for (var index = Math.Max(0, count - EntriesTried); index < count; index++)
        {
            if (window.Get(first + (index * width), 8) is not { Length: 8 } entry)
            {
                frames.Add(number, first + (count * width), 1);
                return true;
            }

            frames.Add(number, origin + BinaryPrimitives.ReadUInt32LittleEndian(entry),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) & int.MaxValue);
        }

        return true;
    }

    private long? BaseOf(long first, long end, ReadOnlySpan<long> bases)
    {
        var tried = window.Get(first, (int)Math.Clamp((end - first) / EntryBytes * EntryBytes, 0, EntriesTried * EntryBytes)).ToArray();
        foreach (var origin in bases)
        {
            for (var at = 0; at < tried.Length; at += EntryBytes)
            {
                var entry = EntryAt(tried.AsSpan(at), origin);
                if (RiffChunk.StreamOf(entry.Id) is not null && IsThere(entry))
                {
                    return origin;
                }
            }
        }

        return null;
    }

    private bool IsThere(RiffChunk entry) =>
        RiffChunk.At(window, entry.Start) is { } chunk && chunk.Id == entry.Id && chunk.Size == entry.Size;

    private static RiffChunk EntryAt(ReadOnlySpan<byte> entry, long origin) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(entry),
        0,
        origin + BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]));
}
