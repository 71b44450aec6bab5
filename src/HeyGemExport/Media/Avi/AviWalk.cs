
namespace HeyGemExport.Media.Avi;

/// <summary>Goes from frame to frame, where no index leads to them.</summary>
internal sealed class AviWalk(ByteSource source, ByteWindow window, AviHeader header)
{
    /// <summary>Zeros between frames: up to a cluster of a disk.</summary>
    private const int MaxPadding = 64 * 1024;

    /// <summary>Adds the frames between two offsets; gives why they do not end there, or null.</summary>
    public MediaFinding? Read(long start, long end, AviFrames frames)
    {
        for (var offset = start; offset < end + AviReader.Slack && source.TryCount() && RiffChunk.At(window, offset) is { } chunk;)
        {
            if (StreamOf(chunk) is { } stream)
            {
                frames.Add(stream, chunk.Start + RiffChunk.Header, chunk.Size);
                if (chunk.End > source.Length)
                {
                    return Findings.CutShort(chunk.End - source.Length, source.Length);
                }

                offset = chunk.Next;
            }
            else if (chunk.IsListOf("rec "u8))
            {
                offset = chunk.Content;
            }
            else if (chunk.Is("idx1"u8) || chunk.Is("RIFF"u8))
            {
                return null;
            }
            else if (RiffChunk.At(window, offset - 1) is { } odd && StreamOf(odd) is not null && odd.End <= source.Length)
            {
                // Some writers leave out the byte that makes an odd length even.
                offset--;
            }
            else if (IsName(chunk.Id) && chunk.End <= source.Length)
            {
                offset = chunk.Next;
            }
            else if (offset >= end - AviReader.Slack)
            {
                return null;
            }
            else if (SkipZeros(offset, end) is { } next)
            {
                offset = next;
            }
            else
            {
                return chunk.Id == 0 ? Findings.NotCopied(offset) : Findings.Damaged(offset);
            }
        }

        return null;
    }

    private int? StreamOf(RiffChunk chunk) => RiffChunk.StreamOf(chunk.Id) is { } stream && stream < header.Streams.Count ? stream : null;

    private long? SkipZeros(long offset, long end)
    {
        for (var at = offset; at < Math.Min(end, offset + MaxPadding); at += ByteWindow.Capacity)
        {
            var bytes = window.Get(at, ByteWindow.Capacity);
            if (bytes.IndexOfAnyExcept((byte)0) is >= 0 and var skip)
            {
                return at + skip > offset ? at + skip : null;
            }
        }

        return null;
    }

    private static bool IsName(uint id)
    {
        for (var shift = 0; shift < 32; shift += 8)
        {
            if (((id >> shift) & 0xFF) is < ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }
}
