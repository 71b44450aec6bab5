using System.Buffers.Binary;

namespace HeyGemExport.Library.Containers;

/// <summary>Playing time from <c>mvhd</c> (ISO/IEC 14496-12, 8.2.2), or from the last fragment where there are fragments, and what the
/// first video and the first audio track say.</summary>
internal static class IsoMovieHeader
{
    /// <summary>What could be read; never a fault.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="movie">Its <c>moov</c>.</param>
    /// <param name="fragment">Its last <c>moof</c>, if it has one.</param>
    /// <param name="container">What its <c>ftyp</c> makes it: <c>mp4</c> or <c>mov</c>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<ContainerFacts> ReadAsync(StructureReader reader, IsoBox movie, IsoBox? fragment, string container, CancellationToken cancellationToken)
    {
        double? seconds = null;
        IsoTrack? video = null;
        IsoTrack? audio = null;
        var defaults = new Dictionary<uint, uint>();
        await foreach (var box in IsoBoxes.ChildrenAsync(reader, movie, cancellationToken))
        {
            if (box.Type is "mvhd")
            {
                seconds = IsoBoxes.Seconds((await IsoBoxes.ReadContentAsync(reader, box, 32, cancellationToken)).Span);
            }
            else if (box.Type is "trak" && (video is null || audio is null))
            {
                var track = await IsoTrack.ReadAsync(reader, box, cancellationToken);
                video ??= track.IsVideo ? track : null;
                audio ??= track.IsAudio ? track : null;
            }
            else if (box.Type is "mvex" && fragment is not null)
            {
                await ReadDefaultsAsync(reader, box, defaults, cancellationToken);
            }
        }

        var rate = video?.FrameRate;
        foreach (var track in new[] { video, audio }.OfType<IsoTrack>())
        {
            if (fragment is { } last && await IsoFragment.ReadAsync(reader, last, track.Number, defaults.GetValueOrDefault(track.Number), cancellationToken) is { } run)
            {
                seconds = Math.Max(seconds ?? 0, ((double)run.Begin + run.Ticks) / track.TimeScale);
                rate = track == video ? ContainerFacts.Rate((double)run.Samples * track.TimeScale / run.Ticks) : rate;
            }
        }

        return new ContainerFacts(
            Fault: null,
            seconds is { } value ? ContainerFacts.Seconds(value) : null,
            video?.Width,
            video?.Height,
            new MediaFacts(container, video?.Codec, audio?.Codec, rate));
    }

    /// <summary>How long a sample of each track lasts where its fragment does not say (<c>trex</c>, 8.8.3).</summary>
    private static async Task ReadDefaultsAsync(StructureReader reader, IsoBox extends, Dictionary<uint, uint> defaults, CancellationToken cancellationToken)
    {
        await foreach (var box in IsoBoxes.ChildrenAsync(reader, extends, cancellationToken))
        {
            if (box.Type is "trex" && (await IsoBoxes.ReadContentAsync(reader, box, 16, cancellationToken)).Span is { Length: 16 } content)
            {
                defaults[BinaryPrimitives.ReadUInt32BigEndian(content[4..])] = BinaryPrimitives.ReadUInt32BigEndian(content[12..]);
            }
        }
    }
}
