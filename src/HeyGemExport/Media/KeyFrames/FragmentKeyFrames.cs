using System.Buffers.Binary;
using System.Numerics;
using HeyGemExport.Media.Iso;

namespace HeyGemExport.Media.KeyFrames;

/// <summary>Key frames that begin a fragment (<c>moof</c>) of one track (ISO/IEC 14496-12, 8.8).</summary>
/// <param name="track">The track's number.</param>
/// <param name="defaults">Content of its <c>trex</c>; empty without one.</param>
internal sealed class FragmentKeyFrames(ByteSource source, ByteWindow window, uint track, byte[] defaults)
{
    // Flags of tfhd and trun (8.8.7 and 8.8.8), and the bit of a sample's flags that says that it is no sync sample (8.8.3.1).
    private const uint HasBaseOffset = 0x1;
    private const uint HasDescription = 0x2;
    private const uint HasDefaultDuration = 0x8;
    private const uint HasDefaultSize = 0x10;
    private const uint HasDefaultFlags = 0x20;
    private const uint BaseIsFragment = 0x2_0000;
    private const uint HasDataOffset = 0x1;
    private const uint HasFirstFlags = 0x4;
    private const uint HasDuration = 0x100;
    private const uint HasSize = 0x200;
    private const uint HasFlags = 0x400;
    private const uint IsNotSync = 0x1_0000;

    /// <summary>The first sample of the fragment, where it is a key frame.</summary>
    public SampleRange? FirstOf(IsoBox moof)
    {
        var isFirst = true;
        foreach (var traf in Children(moof).Where(box => box.Is("traf"u8)))
        {
            var boxes = Children(traf);
            var header = ContentOf(boxes, "tfhd");
            if (header.Length >= 8 && Number(header, 4) == track)
            {
                return FirstOf(moof, header, ContentOf(boxes, "trun"), isFirst);
            }

            isFirst = false;
        }

        return null;
    }

    private SampleRange? FirstOf(IsoBox moof, byte[] header, byte[] run, bool isFirst)
    {
        var flags = Number(header, 0);
        var at = 8;
        // Without a base, what follows the first track begins where that ends: to find it, that would have to be read.
        var data = (flags & (HasBaseOffset | BaseIsFragment)) != 0 || isFirst ? moof.Start : -1;
        if ((flags & HasBaseOffset) != 0)
        {
            data = ((long)Number(header, at) << 32) | Number(header, at + 4);
            at += 8;
        }

        at += 4 * BitOperations.PopCount(flags & (HasDescription | HasDefaultDuration));
        var size = (flags & HasDefaultSize) != 0 ? Number(header, at) : Number(defaults, 16);
        at += (flags & HasDefaultSize) != 0 ? 4 : 0;
        var kind = (flags & HasDefaultFlags) != 0 ? Number(header, at) : Number(defaults, 20);

        var fields = Number(run, 0);
        if (data < 0 || Number(run, 4) == 0 || (fields & HasDataOffset) == 0)
        {
            return null;
        }

        var first = 12 + ((fields & HasFirstFlags) != 0 ? 4 : 0) + ((fields & HasDuration) != 0 ? 4 : 0);
        size = (fields & HasSize) != 0 ? Number(run, first) : size;
        first += (fields & HasSize) != 0 ? 4 : 0;
        kind = (fields & HasFirstFlags) != 0 ? Number(run, 12) : (fields & HasFlags) != 0 ? Number(run, first) : kind;
        data += (int)Number(run, 8);
        return (kind & IsNotSync) != 0 || data < 0 ? null : new SampleRange(data, size);
    }

    private List<IsoBox> Children(IsoBox box) => IsoBox.Children(source, window, box.Content, box.End);

    // As much as the fields of the header and of the first sample take.
    private byte[] ContentOf(List<IsoBox> boxes, string type) =>
        boxes.FindIndex(box => box.IsNamed(type)) is >= 0 and var index
            ? source.Copy(boxes[index].Content, Math.Min(40, boxes[index].Size))
            : [];

    private static uint Number(byte[] bytes, int at) =>
        bytes.Length >= at + 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)) : 0;
}
