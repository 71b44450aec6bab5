using System.Buffers.Binary;

namespace HeyGemExport.Tests;

/// <summary>Files whose container is complete, of any size, quickly: the content differs with the seed and does not compress.</summary>
public static class Clips
{
    /// <summary>An MP4: <c>ftyp</c>, <c>moov</c> and an <c>mdat</c> that fills up to the length.</summary>
    public static byte[] Mp4(int length = 64 * 1024, int seed = 1)
    {
        var clip = new byte[length];
        new Random(seed).NextBytes(clip);
        Box(clip, 0, 16, "ftyp");
        "isom"u8.CopyTo(clip.AsSpan(8));
        Box(clip, 16, 8, "moov");
        Box(clip, 24, length - 24, "mdat");
        return clip;
    }

    private static void Box(byte[] clip, int at, int length, string type)
    {
        BinaryPrimitives.WriteUInt32BigEndian(clip.AsSpan(at), (uint)length);
        System.Text.Encoding.ASCII.GetBytes(type, clip.AsSpan(at + 4));
    }
}
