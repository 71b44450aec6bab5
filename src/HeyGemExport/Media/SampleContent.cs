namespace HeyGemExport.Media;

/// <summary>Where a coded picture or piece of sound lies in the file.</summary>
internal readonly record struct SampleRange(long Offset, long Size);

/// <summary>Tells samples that were never written: a copier that reserves the file's length first leaves zeros.</summary>
internal static class SampleContent
{
    /// <summary>Codecs may code "as before" in a few bytes, and those may be zeros.</summary>
    public const int ShortestCheckable = 16;

    private const int FirstLook = 64;
    private const int TailBytes = 64;
    private const int Block = 16 * 1024;
    private const int LongestLook = 1024 * 1024;

    // Their frames begin with a sync word or hold an end mark, so that none is zeros; silence in PCM is.
    private static readonly string[] NeverZeroSound = ["aac", "mp3", "mp2", "ac3", "eac3"];

    private static readonly string[] PlainYuv = ["yuy2", "uyvy", "2vuy", "yuv2", "yuvs", "i420", "iyuv", "yv12", "nv12", "nv21"];

    /// <summary>Whether a picture of this codec always has a byte that is not zero. A black picture in plain RGB has none.</summary>
    public static bool IsNeverZeroPicture(string? codec, string? code) =>
        codec is not "rawvideo" || PlainYuv.Contains(code, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a piece of sound of this codec always has a byte that is not zero.</summary>
    public static bool IsNeverZeroSound(string? codec) => NeverZeroSound.Contains(codec, StringComparer.Ordinal);

    /// <summary>Whether a sample was not written, or not to its end.</summary>
    /// <param name="source">The file.</param>
    /// <param name="sample">Where it lies.</param>
    /// <param name="codec">Its codec; some never end in many zeros.</param>
    public static bool IsUnwritten(ByteSource source, SampleRange sample, string? codec)
    {
        Span<byte> tail = stackalloc byte[TailBytes];
        return IsZero(source, sample)
            || (codec is "h264" or "hevc" && sample.Size >= 2 * TailBytes && IsZero(source, sample.Offset + sample.Size - TailBytes, tail));
    }

    private static bool IsZero(ByteSource source, SampleRange sample)
    {
        Span<byte> first = stackalloc byte[FirstLook];
        if (sample.Size < ShortestCheckable || !IsZero(source, sample.Offset, first[..(int)Math.Min(FirstLook, sample.Size)]))
        {
            return false;
        }

        var block = new byte[(int)Math.Min(Block, sample.Size)];
        for (long at = FirstLook; at < Math.Min(LongestLook, sample.Size); at += block.Length)
        {
            if (!IsZero(source, sample.Offset + at, block.AsSpan(0, (int)Math.Min(block.Length, sample.Size - at))))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsZero(ByteSource source, long offset, Span<byte> bytes) =>
        source.Read(offset, bytes) is var read && !bytes[..read].ContainsAnyExcept((byte)0);
}
