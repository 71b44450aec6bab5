using HeyGemExport.Media.KeyFrames;

namespace HeyGemExport.Tests.Media;

/// <summary>One picture of a video, as browsers show it.</summary>
[Collection(MatrixClips.Collection)]
public sealed class KeyFrameTests(MatrixClips clips)
{
    private const int Limit = 200_000;

    public static TheoryData<string> Mp4s =>
    [
        "plain.mp4", "faststart.mp4", "silent.mp4", "sound-first.mp4", "one-picture.mp4", "ntsc.mp4", "rotated.mp4", "anamorphic.mp4",
        "hevc.mp4", "h264-alac.mp4", "rtphint.mp4", "plain.mov", "faststart.mov", "h264-aac.mkv", "short-clusters.mkv",
        "cues-in-front.mkv", "live.mkv", "hevc-vorbis.mkv", "silent.mkv", "frag_keyframe.mp4", "empty_moov.mp4", "default_base_moof.mp4",
        "frag_every_frame.mp4", "delay_moov.mp4", "skip_trailer.mp4", "dash.mp4", "cmaf.mp4", "global_sidx.mp4", "fragmented.mov",
    ];

    public static TheoryData<string> Jpegs => ["mjpeg-ac3.mp4", "mjpeg-pcm.mov", "mjpeg-ac3.avi", "mjpeg-wavpack.mkv"];

    [ProgramTheory("ffmpeg")]
    [MemberData(nameof(Mp4s))]
    public async Task A_key_frame_becomes_a_video_of_exactly_this_picture(string name)
    {
        var found = KeyFrame.Find(new MemoryStream(clips[name]), Limit)!;

        Assert.Equal(KeyFrame.Mp4, found.ContentType);
        Assert.InRange(found.Content.Length, 100, Limit);
        var (shown, all) = (await DecodeAsync(found.Content, ".mp4"), await DecodeAsync(clips[name], Path.GetExtension(name)));
        var number = all.IndexOf(Assert.Single(shown));
        Assert.True(number >= 0, "It is not one of the video's pictures.");
        Assert.True(number >= all.Count / 10 || !name.StartsWith("plain", StringComparison.Ordinal), $"It is picture {number}.");
        Assert.Null(HeyGemExport.Media.MediaInspector.Inspect(new MemoryStream(found.Content)).Defect);
    }

    [ProgramTheory("ffmpeg")]
    [MemberData(nameof(Jpegs))]
    public async Task A_picture_of_Motion_JPEG_is_a_JPEG(string name)
    {
        var found = KeyFrame.Find(new MemoryStream(clips[name]), Limit)!;

        Assert.Equal(KeyFrame.Jpeg, found.ContentType);
        Assert.Contains(Assert.Single(await DecodeAsync(found.Content, ".jpg")), await DecodeAsync(clips[name], Path.GetExtension(name)));
    }

    [ProgramTheory("ffmpeg")]
    [InlineData("mpeg4-mp3.mp4")]
    [InlineData("prores-pcm24.mov")]
    [InlineData("xvid-pcm.avi")]
    [InlineData("vp9-opus.mkv")]
    [InlineData("ffv1-flac.mkv")]
    [InlineData("sound.mp4")]
    [InlineData("sound.mkv")]
    [InlineData("none.avi")]
    [InlineData("h264-aac.m2ts")]
    public void What_browsers_cannot_show_has_none(string name) => Assert.Null(KeyFrame.Find(new MemoryStream(clips[name]), Limit));

    [ProgramTheory("ffmpeg")]
    [InlineData("plain.mp4")]
    [InlineData("h264-aac.mkv")]
    [InlineData("mjpeg-ac3.avi")]
    [InlineData("empty_moov.mp4")]
    public void Of_key_frames_that_are_too_large_none_is_given(string name) =>
        Assert.Null(KeyFrame.Find(new MemoryStream(clips[name]), 1000));

    [ProgramTheory("ffmpeg")]
    [InlineData("plain.mp4")]
    [InlineData("h264-aac.mkv")]
    [InlineData("frag_keyframe.mp4")]
    [InlineData("mjpeg-ac3.avi")]
    public void No_cut_and_no_changed_byte_does_harm(string name)
    {
        var clip = clips[name];
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var damaged = clip.ToArray();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var found = KeyFrame.Find(new MemoryStream(damaged, 0, random.Next(damaged.Length) + 1), Limit);
            Assert.True(found is null || found.Content.Length <= Limit);
        }
    }

    /// <summary>The sums of a file's pictures, in order, as FFmpeg decodes them.</summary>
    private async Task<List<string>> DecodeAsync(byte[] content, string extension)
    {
        var name = Guid.NewGuid().ToString("N") + extension;
        await File.WriteAllBytesAsync(clips.Folder[name], content);
        var sums = await ExternalTools.RunAsync(
            clips.Folder.FullPath, "ffmpeg", "-v", "error", "-i", name, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-");
        return [.. sums!.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(',')[^1].Trim())];
    }
}
