namespace HeyGemExport.Media.Avi;

/// <summary>The frames that an index or the chunks themselves tell of.</summary>
internal sealed class AviFrames(AviHeader header)
{
    private readonly long[] counts = new long[header.Streams.Count];

    /// <summary>Pictures with content.</summary>
    public long Pictures { get; private set; }

    /// <summary>Where the last byte of all frames lies, plus one.</summary>
    public long End { get; private set; }

    /// <summary>The picture that lies last, of those long enough to be looked into.</summary>
    public SampleRange? LastPicture { get; private set; }

    /// <summary>The same of sound whose codec never writes zeros.</summary>
    public SampleRange? LastSound { get; private set; }

    /// <summary>Chunks of a stream.</summary>
    public long CountOf(int stream) => counts[stream];

    /// <summary>Adds a frame; false where no stream has this number.</summary>
    public bool Add(int number, long offset, long size)
    {
        if (number >= header.Streams.Count)
        {
            return false;
        }

        counts[number]++;
        if (size == 0)
        {
            return true;
        }

        End = Math.Max(End, offset + size);
        var stream = header.Streams[number];
        Pictures += stream.IsPictures ? 1 : 0;
        if (size >= SampleContent.ShortestCheckable)
        {
            var sample = new SampleRange(offset, size);
            if (stream.IsPictures && SampleContent.IsNeverZeroPicture(stream.Codec, stream.Code))
            {
                LastPicture = LastPicture is null || offset > LastPicture.Value.Offset ? sample : LastPicture;
            }
            else if (SampleContent.IsNeverZeroSound(stream.Codec))
            {
                LastSound = LastSound is null || offset > LastSound.Value.Offset ? sample : LastSound;
            }
        }

        return true;
    }
}
