using System.Buffers.Binary;

namespace HeyGemExport.Testing;

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

    /// <summary>An MP4 of any size that takes no room on the disk and no time to write: its <c>mdat</c> is a hole.</summary>
    public static void WriteSparseMp4(string path, long length)
    {
        // A box of 1 has its length in the eight bytes after its type (ISO 14496-12, 4.2).
        var head = new byte[40];
        Box(head, 0, 16, "ftyp");
        "isom"u8.CopyTo(head.AsSpan(8));
        Box(head, 16, 8, "moov");
        Box(head, 24, 1, "mdat");
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(32), length - 24);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var file = File.Create(path))
        {
            file.Write(head);
            file.SetLength(length);
        }

        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    private static void Box(byte[] clip, int at, int length, string type)
    {
        BinaryPrimitives.WriteUInt32BigEndian(clip.AsSpan(at), (uint)length);
        System.Text.Encoding.ASCII.GetBytes(type, clip.AsSpan(at + 4));
    }
}
