using HeyGemExport.Media.Avi;

namespace HeyGemExport.Media.KeyFrames;

/// <summary>Pictures of Motion JPEG in AVI: every one is a key frame, and a JPEG.</summary>
internal sealed class AviKeyFrames(ByteSource source)
{
    private readonly ByteWindow window = new(source);
    private AviHeader header = AviHeader.None;

    public KeyFrame? Find(int maxBytes)
    {
        var tenth = source.Length / 10;
        return Find(tenth, source.Length, maxBytes) ?? Find(0, tenth, maxBytes);
    }

    private KeyFrame? Find(long from, long to, int maxBytes)
    {
        var candidates = 0;
        for (long offset = 0; offset < to && candidates < KeyFrame.Candidates && source.TryCount();)
        {
            if (RiffChunk.At(window, offset) is not { } chunk)
            {
                return null;
            }

            if (chunk.IsListOf("hdrl"u8))
            {
                header = AviHeader.Read(source, chunk.Content, chunk.End);
            }

            if (chunk.Start >= from && RiffChunk.StreamOf(chunk.Id) is { } stream && stream < header.Streams.Count
                && header.Streams[stream] is { IsPictures: true, Codec: "mjpeg" } && chunk.Size > 0)
            {
                candidates++;
                if (KeyFrame.Fits(chunk.Size, maxBytes, isJpeg: true) && chunk.End <= source.Length)
                {
                    return KeyFrame.OfJpeg(source.Copy(chunk.Start + RiffChunk.Header, chunk.Size));
                }
            }

            var isEntered = chunk.IsListOf("AVI "u8) || chunk.IsListOf("AVIX"u8) || chunk.IsListOf("movi"u8) || chunk.IsListOf("rec "u8);
            offset = isEntered ? chunk.Content : chunk.Next;
        }

        return null;
    }
}
