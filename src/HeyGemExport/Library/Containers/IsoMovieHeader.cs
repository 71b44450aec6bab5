namespace HeyGemExport.Library.Containers;

/// <summary>Playing time from <c>mvhd</c> (ISO/IEC 14496-12, 8.2.2), and what the first video and the first audio track say.</summary>
internal static class IsoMovieHeader
{
    /// <summary>What could be read; never a fault.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="movie">Its <c>moov</c>.</param>
    /// <param name="container">What its <c>ftyp</c> makes it: <c>mp4</c> or <c>mov</c>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<ContainerFacts> ReadAsync(StructureReader reader, IsoBox movie, string container, CancellationToken cancellationToken)
    {
        double? seconds = null;
        IsoTrack? video = null;
        IsoTrack? audio = null;
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
        }

        return new ContainerFacts(
            Fault: null,
            seconds is { } value ? ContainerFacts.Seconds(value) : null,
            video?.Width,
            video?.Height,
            new MediaFacts(container, video?.Codec, audio?.Codec, video?.FrameRate));
    }
}
