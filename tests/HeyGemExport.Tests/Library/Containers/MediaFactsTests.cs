using System.Globalization;
using System.Text.Json;
using HeyGemExport.Library.Containers;

namespace HeyGemExport.Tests.Library.Containers;

/// <summary>What the containers say, against ffprobe, over clips that ffmpeg made.</summary>
public sealed class MediaFactsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<string, string> Clips => new()
    {
        { "h264-aac.mp4", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac" },
        { "ntsc.mp4", "-r 30000/1001 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -movflags +faststart" },
        { "hevc.mp4", "-c:v libx265 -preset ultrafast -x265-params log-level=none -c:a aac" },
        { "mpeg4-mp3.mp4", "-c:v mpeg4 -c:a libmp3lame" },
        { "silent.mp4", "-an -c:v libx264 -preset ultrafast -pix_fmt yuv420p" },
        { "fragmented.mp4", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 10 -bf 0 -c:a aac -movflags frag_keyframe+empty_moov+default_base_moof" },
        { "fragmented-begun.mp4", "-r 30000/1001 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 10 -c:a aac -movflags frag_keyframe" },
        { "dash-silent.mp4", "-an -c:v mpeg4 -g 10 -movflags dash+frag_keyframe+empty_moov" },
        { "pcm.mov", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a pcm_s16le" },
        { "pcm24.mov", "-c:v mjpeg -c:a pcm_s24le" },
        { "prores.mov", "-c:v prores -c:a aac" },
        { "mpeg4-mp3.avi", "-c:v mpeg4 -c:a libmp3lame" },
        { "xvid-pcm.avi", "-r 24 -c:v mpeg4 -vtag XVID -c:a pcm_s16le" },
        { "mjpeg-ac3.avi", "-c:v mjpeg -c:a ac3" },
        { "h264-mp3.avi", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a libmp3lame" },
        { "vp9-opus.mkv", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus" },
        { "h264-flac.mkv", "-r 24000/1001 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a flac" },
        { "vfw-pcm.mkv", "-c:v mpeg4 -vtag DIVX -c:a pcm_s24le" },
        { "hevc-vorbis.mkv", "-c:v libx265 -preset ultrafast -x265-params log-level=none -c:a libvorbis" },
    };

    public void Dispose() => folder.Dispose();

    [ProgramTheory("ffmpeg", "ffprobe")]
    [MemberData(nameof(Clips))]
    public async Task Agrees_with_ffprobe(string name, string codecs)
    {
        string[] input = ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-t", "2"];
        if (await ExternalTools.RunAsync(folder.FullPath, "ffmpeg", [.. input, .. codecs.Split(' '), name]) is null)
        {
            return;
        }

        var ours = await ReadAsync(name);
        var report = await ExternalTools.RunAsync(folder.FullPath, "ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", name);
        using var theirs = JsonDocument.Parse(report!);

        var video = Stream(theirs, "video")!.Value;
        var container = theirs.RootElement.GetProperty("format").GetProperty("format_name").GetString()!;
        Assert.Null(ours.Fault);
        Assert.Contains(ours.Media!.Container, container.Split(','), StringComparer.Ordinal);
        Assert.Equal(video.GetProperty("codec_name").GetString(), ours.Media.VideoCodec);
        Assert.Equal(Stream(theirs, "audio")?.GetProperty("codec_name").GetString(), ours.Media.AudioCodec);
        Assert.Equal((video.GetProperty("width").GetInt32(), video.GetProperty("height").GetInt32()), (ours.Width, ours.Height));

        // Its average of fragments counts a picture too few.
        var rate = name.StartsWith("fragmented", StringComparison.Ordinal) ? "r_frame_rate" : "avg_frame_rate";
        Assert.Equal(Rate(video.GetProperty(rate).GetString()!), ours.Media.FrameRate!.Value, 0.002);
        Assert.Equal(Seconds(theirs, video, container), ours.DurationSeconds!.Value, 0.05);
    }

    [ProgramTheory("ffmpeg", "ffprobe")]
    [InlineData("a.mp4", "mp4")]
    [InlineData("a.mov", "mov")]
    public async Task Calls_quicktime_by_its_brand(string name, string container)
    {
        if (await ExternalTools.RunAsync(folder.FullPath, "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5", "-t", "1", "-c:v", "mpeg4", name) is null)
        {
            return;
        }

        Assert.Equal(container, (await ReadAsync(name)).Media?.Container);
    }

    [ProgramFact("ffmpeg")]
    public async Task Nothing_that_is_damaged_can_make_it_throw()
    {
        foreach (var (name, sound) in new[] { ("a.mp4", "aac"), ("fragmented.mp4", "aac -movflags frag_keyframe+empty_moov"), ("a.avi", "libmp3lame"), ("a.mkv", "pcm_s16le") })
        {
            string[] arguments = ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5", "-f", "lavfi", "-i", "sine", "-t", "1", "-c:v", "mpeg4", "-c:a", .. sound.Split(' '), name];
            if (await ExternalTools.RunAsync(folder.FullPath, "ffmpeg", arguments) is null)
            {
                return;
            }
        }

        var random = new Random(7);
        foreach (var name in new[] { "a.mp4", "fragmented.mp4", "a.avi", "a.mkv" })
        {
            var whole = await File.ReadAllBytesAsync(folder[name]);
            for (var round = 0; round < 200; round++)
            {
                var damaged = (byte[])whole.Clone();
                for (var change = 0; change < 20; change++)
                {
                    // Headers stand at the start, and in MP4 also at the end.
                    var at = random.Next(Math.Min(1200, damaged.Length));
                    damaged[random.Next(2) == 0 ? at : damaged.Length - 1 - at] = (byte)random.Next(256);
                }

                await File.WriteAllBytesAsync(folder["x" + Path.GetExtension(name)], damaged);
                var facts = await ReadAsync("x" + Path.GetExtension(name));
                Assert.True(facts.Media?.FrameRate is null or (> 0 and <= 1000));
                Assert.True(facts.Width is null or (> 0 and <= 65_536));
            }
        }
    }

    private async Task<ContainerFacts> ReadAsync(string name)
    {
        await using var file = File.OpenRead(folder[name]);
        return await ContainerProbe.ExamineAsync(file, Path.GetExtension(name), CancellationToken.None);
    }

    private static JsonElement? Stream(JsonDocument report, string kind) => report.RootElement.GetProperty("streams").EnumerateArray()
        .Where(stream => stream.GetProperty("codec_type").GetString() == kind).Select(stream => (JsonElement?)stream).FirstOrDefault();

    private static double Rate(string fraction)
    {
        var parts = fraction.Split('/');
        return double.Parse(parts[0], CultureInfo.InvariantCulture) / double.Parse(parts[1], CultureInfo.InvariantCulture);
    }

    // An AVI's playing time is its pictures'; ffprobe's for the file counts what sound goes on for after them.
    private static double Seconds(JsonDocument report, JsonElement video, string container) => double.Parse(
        (container is "avi" ? video : report.RootElement.GetProperty("format")).GetProperty("duration").GetString()!, CultureInfo.InvariantCulture);
}
