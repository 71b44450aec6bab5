using System.Buffers.Binary;
using System.Text;

namespace HeyGemExport.Testing;

/// <summary>Complete videos of one picture, of any size, quickly: the content differs with the seed and does not compress.</summary>
public static class Clips
{
    private const int MovieBytes = 128;
    private const int MediaHeader = 16 + MovieBytes;

    /// <summary>An MP4: <c>ftyp</c>, <c>moov</c> and an <c>mdat</c> that the picture fills up to the length.</summary>
    public static byte[] Mp4(int length = 64 * 1024, int seed = 1)
    {
        var clip = new byte[length];
        new Random(seed).NextBytes(clip);
        WriteHead(clip, pictureAt: MediaHeader + 8, pictureBytes: length - MediaHeader - 8);
        WriteBox(clip, MediaHeader, length - MediaHeader, "mdat");
        return clip;
    }

    /// <summary>An MP4 of any size that takes no room on the disk and no time to write: behind its picture, its <c>mdat</c> is a
    /// hole.</summary>
    public static void WriteSparseMp4(string path, long length)
    {
        // A box of 1 has its length in the eight bytes after its type (ISO 14496-12, 4.2).
        const int Picture = 16;
        var head = new byte[MediaHeader + 16 + Picture];
        new Random(1).NextBytes(head);
        WriteHead(head, pictureAt: MediaHeader + 16, Picture);
        WriteBox(head, MediaHeader, 1, "mdat");
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(MediaHeader + 8), length - MediaHeader);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var file = File.Create(path))
        {
            file.Write(head);
            file.SetLength(length);
        }

        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    private static void WriteHead(byte[] clip, int pictureAt, int pictureBytes)
    {
        clip.AsSpan(0, MediaHeader).Clear();
        WriteBox(clip, 0, 16, "ftyp");
        "isom"u8.CopyTo(clip.AsSpan(8));

        // Each box but the last four holds the next.
        WriteBox(clip, 16, MovieBytes, "moov");
        WriteBox(clip, 24, 120, "trak");
        WriteBox(clip, 32, 112, "mdia");
        WriteBox(clip, 40, 20, "hdlr");
        "vide"u8.CopyTo(clip.AsSpan(56));
        WriteBox(clip, 60, 84, "minf");
        WriteBox(clip, 68, 76, "stbl");
        WriteBox(clip, 76, 20, "stsz", 0, pictureBytes, 1);
        WriteBox(clip, 96, 28, "stsc", 0, 1, 1, 1, 1);
        WriteBox(clip, 124, 20, "stco", 0, 1, pictureAt);
    }

    private static void WriteBox(byte[] clip, int at, int length, string type, params ReadOnlySpan<int> fields)
    {
        BinaryPrimitives.WriteUInt32BigEndian(clip.AsSpan(at), (uint)length);
        Encoding.ASCII.GetBytes(type, clip.AsSpan(at + 4));
        for (var index = 0; index < fields.Length; index++)
        {
            BinaryPrimitives.WriteInt32BigEndian(clip.AsSpan(at + 8 + (4 * index)), fields[index]);
        }
    }
}
