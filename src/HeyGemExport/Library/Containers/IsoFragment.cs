using System.Buffers.Binary;

namespace HeyGemExport.Library.Containers;

/// <summary>
/// What a fragment (<c>moof</c>) holds of one track. The <c>moov</c> of a fragmented file tells neither its playing time nor how many
/// samples it has; its last fragment does (ISO/IEC 14496-12, 8.8).
/// </summary>
/// <param name="Begin">When its first sample is shown, in ticks of the track.</param>
/// <param name="Ticks">How long its samples last together.</param>
/// <param name="Samples">How many they are.</param>
internal sealed record IsoFragment(ulong Begin, ulong Ticks, uint Samples)
{
    /// <summary>A run with more samples than this is not added up; an hour of sound has fewer.</summary>
    private const int MaxRunBytes = 4 << 20;

    // Flags of tfhd (8.8.7) and trun (8.8.8): which fields are there.
    private const uint HasDataOffset = 0x1;
    private const uint HasDescription = 0x2;
    private const uint HasFirstFlags = 0x4;
    private const uint HasDefaultDuration = 0x8;
    private const uint HasDuration = 0x100;
    private const uint SampleFields = 0xF00;

    /// <summary>What the fragment says of a track; null when it says nothing of it, or not when it begins.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="fragment">Its <c>moof</c>.</param>
    /// <param name="track">The number of the track.</param>
    /// <param name="duration">How long a sample lasts where the fragment does not say.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IsoFragment?> ReadAsync(StructureReader reader, IsoBox fragment, uint track, uint duration, CancellationToken cancellationToken)
    {
        await foreach (var box in IsoBoxes.ChildrenAsync(reader, fragment, cancellationToken))
        {
            if (box.Type is "traf" && await ReadTrackAsync(reader, box, track, duration, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static async Task<IsoFragment?> ReadTrackAsync(StructureReader reader, IsoBox traf, uint track, uint duration, CancellationToken cancellationToken)
    {
        ulong? begin = null;
        var read = new IsoFragment(0, 0, 0);
        await foreach (var box in IsoBoxes.ChildrenAsync(reader, traf, cancellationToken))
        {
            switch (box.Type)
            {
                case "tfhd":
                    (var number, duration) = Header((await IsoBoxes.ReadContentAsync(reader, box, 24, cancellationToken)).Span, duration);
                    if (number != track)
                    {
                        return null;
                    }

                    break;
                case "tfdt":
                    begin = DecodeTime((await IsoBoxes.ReadContentAsync(reader, box, 12, cancellationToken)).Span);
                    break;
                case "trun" when box.End - box.Content <= MaxRunBytes:
                    var (ticks, samples) = Run((await IsoBoxes.ReadContentAsync(reader, box, MaxRunBytes, cancellationToken)).Span, duration);
                    read = read with { Ticks = read.Ticks + ticks, Samples = read.Samples + samples };
                    break;
            }
        }

        return begin is { } first ? read with { Begin = first } : null;
    }

    private static (uint Track, uint Duration) Header(ReadOnlySpan<byte> header, uint duration)
    {
        if (header.Length < 8)
        {
            return (0, duration);
        }

        var flags = FlagsOf(header);
        var at = 8 + ((flags & HasDataOffset) != 0 ? 8 : 0) + ((flags & HasDescription) != 0 ? 4 : 0);
        return (
            BinaryPrimitives.ReadUInt32BigEndian(header[4..]),
            (flags & HasDefaultDuration) != 0 && header.Length >= at + 4 ? BinaryPrimitives.ReadUInt32BigEndian(header[at..]) : duration);
    }

    private static ulong? DecodeTime(ReadOnlySpan<byte> time) => time.Length switch
    {
        >= 12 when time[0] == 1 => BinaryPrimitives.ReadUInt64BigEndian(time[4..]),
        >= 8 when time[0] == 0 => BinaryPrimitives.ReadUInt32BigEndian(time[4..]),
        _ => null,
    };

    private static (ulong Ticks, uint Samples) Run(ReadOnlySpan<byte> run, uint duration)
    {
        if (run.Length < 8)
        {
            return default;
        }

        var flags = FlagsOf(run);
        var samples = BinaryPrimitives.ReadUInt32BigEndian(run[4..]);
        if ((flags & HasDuration) == 0)
        {
            return ((ulong)samples * duration, samples);
        }

        // Four bytes for each field that a sample has, its duration first.
        var width = 4 * System.Numerics.BitOperations.PopCount(flags & SampleFields);
        var at = 8 + ((flags & HasDataOffset) != 0 ? 4 : 0) + ((flags & HasFirstFlags) != 0 ? 4 : 0);
        var (ticks, counted) = (0ul, 0u);
        for (; counted < samples && at + width <= run.Length; at += width, counted++)
        {
            ticks += BinaryPrimitives.ReadUInt32BigEndian(run[at..]);
        }

        return (ticks, counted);
    }

    private static uint FlagsOf(ReadOnlySpan<byte> content) => BinaryPrimitives.ReadUInt32BigEndian(content) & 0xFF_FFFF;
}
