using System.Diagnostics;

namespace HeyGemExport.Tests.Media;

/// <summary>Clips of a second that ffmpeg makes once for all tests of the matrix: muxers with their flags, and codecs.</summary>
[CollectionDefinition(Collection)]
public sealed class MatrixClips : ICollectionFixture<MatrixClips>, IAsyncLifetime, IDisposable
{
    /// <summary>The tests that share them.</summary>
    public const string Collection = "clips that ffmpeg makes";

    private const string H264 = "-c:v libx264 -preset ultrafast -g 10 -pix_fmt yuv420p";
    private const string H264Aac = H264 + " -bf 2 -c:a aac";

    /// <summary>Clips that play, by name, with what makes them.</summary>
    public static readonly IReadOnlyDictionary<string, string> Playing = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["plain.mp4"] = H264Aac,
        ["faststart.mp4"] = H264Aac + " -movflags +faststart",
        ["silent.mp4"] = H264 + " -an",
        ["sound-first.mp4"] = "-map 1:a -map 0:v " + H264Aac,
        ["one-picture.mp4"] = H264 + " -an -frames:v 1",
        ["ntsc.mp4"] = "-r 30000/1001 " + H264Aac,
        ["rotated.mp4"] = H264Aac + " -metadata:s:v rotate=90",
        ["anamorphic.mp4"] = "-vf setsar=64/45 " + H264Aac,
        ["hevc.mp4"] = "-c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1 -c:a aac",
        ["mpeg4-mp3.mp4"] = "-c:v mpeg4 -c:a libmp3lame",
        ["mpeg2-mp2.mp4"] = "-c:v mpeg2video -c:a mp2",
        ["vp9-opus.mp4"] = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
        ["mjpeg-ac3.mp4"] = "-c:v mjpeg -pix_fmt yuvj420p -c:a ac3",
        ["h264-flac.mp4"] = H264 + " -c:a flac -strict -2",
        ["h264-alac.mp4"] = H264 + " -c:a alac",
        ["h264-eac3.mp4"] = H264 + " -c:a eac3",
        ["frag_keyframe.mp4"] = H264Aac + " -movflags frag_keyframe",
        ["empty_moov.mp4"] = H264Aac + " -movflags frag_keyframe+empty_moov",
        ["default_base_moof.mp4"] = H264Aac + " -movflags frag_keyframe+empty_moov+default_base_moof",
        ["omit_tfhd_offset.mp4"] = H264Aac + " -movflags frag_keyframe+empty_moov+omit_tfhd_offset",
        ["separate_moof.mp4"] = H264Aac + " -movflags frag_keyframe+empty_moov+separate_moof",
        ["frag_every_frame.mp4"] = H264Aac + " -movflags frag_every_frame+empty_moov",
        ["delay_moov.mp4"] = H264Aac + " -movflags frag_keyframe+delay_moov",
        ["skip_trailer.mp4"] = H264Aac + " -movflags frag_keyframe+empty_moov+skip_trailer",
        ["dash.mp4"] = H264Aac + " -movflags dash+frag_keyframe+empty_moov",
        ["cmaf.mp4"] = H264Aac + " -movflags cmaf+frag_keyframe+empty_moov",
        ["global_sidx.mp4"] = H264Aac + " -movflags global_sidx+dash+frag_keyframe+empty_moov",
        ["ismv.mp4"] = H264Aac + " -f ismv",
        ["rtphint.mp4"] = H264Aac + " -movflags rtphint",
        ["plain.mov"] = H264Aac,
        ["faststart.mov"] = H264Aac + " -movflags +faststart",
        ["mjpeg-pcm.mov"] = "-c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le",
        ["prores-pcm24.mov"] = "-c:v prores -c:a pcm_s24le",
        ["dnxhr-pcm32be.mov"] = "-c:v dnxhd -profile:v dnxhr_lb -pix_fmt yuv422p -s 320x240 -c:a pcm_s32be",
        ["qtrle-s8.mov"] = "-c:v qtrle -c:a pcm_s8",
        ["raw-u8.mov"] = "-c:v rawvideo -pix_fmt uyvy422 -c:a pcm_u8",
        ["rgb-f32.mov"] = "-c:v rawvideo -pix_fmt rgb24 -c:a pcm_f32le",
        ["png-f64.mov"] = "-c:v png -c:a pcm_f64be",
        ["ffv1-mulaw.mov"] = "-c:v ffv1 -c:a pcm_mulaw",
        ["cfhd-alaw.mov"] = "-c:v cfhd -s 320x240 -c:a pcm_alaw",
        ["mpeg2-s16be.mov"] = "-c:v mpeg2video -c:a pcm_s16be",
        ["jpeg2000-ima.mov"] = "-c:v jpeg2000 -c:a adpcm_ima_qt",
        ["v210-alac.mov"] = "-c:v v210 -c:a alac",
        ["fragmented.mov"] = H264Aac + " -movflags frag_keyframe+empty_moov",
        ["mpeg4-mp3.avi"] = "-c:v mpeg4 -c:a libmp3lame",
        ["xvid-pcm.avi"] = "-r 24 -c:v mpeg4 -vtag XVID -c:a pcm_s16le",
        ["mjpeg-ac3.avi"] = "-c:v mjpeg -pix_fmt yuvj420p -c:a ac3",
        ["h264-mp3.avi"] = H264 + " -c:a libmp3lame",
        ["silent.avi"] = "-an -c:v mpeg4",
        ["huffyuv-pcm24.avi"] = "-c:v huffyuv -c:a pcm_s24le",
        ["utvideo-u8.avi"] = "-c:v utvideo -c:a pcm_u8",
        ["ffv1-f32.avi"] = "-c:v ffv1 -c:a pcm_f32le",
        ["raw-mulaw.avi"] = "-c:v rawvideo -pix_fmt yuyv422 -c:a pcm_mulaw",
        ["rgb-alaw.avi"] = "-c:v rawvideo -pix_fmt bgr24 -c:a pcm_alaw",
        ["msmpeg4-adpcm.avi"] = "-c:v msmpeg4 -c:a adpcm_ms",
        ["msmpeg4v2-ima.avi"] = "-c:v msmpeg4v2 -c:a adpcm_ima_wav",
        ["wmv2-wmav2.avi"] = "-c:v wmv2 -c:a wmav2",
        ["flv1-mp2.avi"] = "-c:v flv1 -c:a mp2",
        ["png-mp3.avi"] = "-c:v png -c:a libmp3lame",
        ["asv1-aac.avi"] = "-c:v asv1 -c:a aac",
        ["zmbv-mp3.avi"] = "-c:v zmbv -c:a libmp3lame",
        ["longer-sound.avi"] = "-frames:v 10 -c:v mpeg4 -c:a libmp3lame",
        ["h264-aac.mkv"] = H264Aac,
        ["short-clusters.mkv"] = H264Aac + " -cluster_time_limit 200",
        ["cues-in-front.mkv"] = H264Aac + " -cluster_time_limit 200 -reserve_index_space 2000",
        ["live.mkv"] = H264Aac + " -cluster_time_limit 200 -live 1",
        ["dash.mkv"] = "-an -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -dash 1 -cluster_time_limit 200",
        ["vp9-opus.mkv"] = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
        ["vp8-vorbis-webm.mkv"] = "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libvorbis -f webm",
        ["hevc-vorbis.mkv"] = "-c:v libx265 -preset ultrafast -x265-params log-level=none -c:a libvorbis",
        ["ffv1-flac.mkv"] = "-c:v ffv1 -c:a flac",
        ["theora-vorbis.mkv"] = "-c:v libtheora -c:a libvorbis",
        ["mpeg2-mp2.mkv"] = "-c:v mpeg2video -c:a mp2",
        ["mpeg4-pcm24.mkv"] = "-c:v mpeg4 -c:a pcm_s24le",
        ["vfw-pcm.mkv"] = "-c:v mpeg4 -vtag DIVX -c:a pcm_s16be",
        ["raw-f32.mkv"] = "-c:v rawvideo -c:a pcm_f32le",
        ["dnxhr-ac3.mkv"] = "-c:v dnxhd -profile:v dnxhr_lb -pix_fmt yuv422p -s 320x240 -c:a ac3",
        ["mjpeg-wavpack.mkv"] = "-c:v mjpeg -pix_fmt yuvj420p -c:a wavpack",
        ["prores-tta.mkv"] = "-c:v prores -c:a tta",
        ["huffyuv-eac3.mkv"] = "-c:v huffyuv -c:a eac3",
        ["silent.mkv"] = H264 + " -an",
        ["h264-mp3.ts"] = H264 + " -c:a libmp3lame -f mpegts",
        ["h264-aac.m2ts"] = H264Aac + " -f mpegts -mpegts_m2ts_mode 1",
        ["mpeg2-mp2.mpg"] = "-c:v mpeg2video -c:a mp2 -f vob",
        ["flv1-mp3.flv"] = "-c:v flv1 -ar 44100 -c:a libmp3lame -f flv",
        ["wmv2-wmav2.wmv"] = "-c:v wmv2 -c:a wmav2 -f asf",
        ["theora-vorbis.ogg"] = "-c:v libtheora -c:a libvorbis -f ogg",
    };

    /// <summary>Files without a picture, which ffmpeg ends without an error.</summary>
    public static readonly IReadOnlyDictionary<string, string> Pictureless = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["sound.mp4"] = "-vn -c:a aac",
        ["sound.mov"] = "-vn -c:a pcm_s16le",
        ["sound.avi"] = "-vn -c:a libmp3lame",
        ["sound.mkv"] = "-vn -c:a libopus",
        ["sound-fragments.mp4"] = "-vn -c:a aac -movflags frag_keyframe+empty_moov -frag_duration 200000",
        ["none.mp4"] = "-vf select=0 -c:v mpeg4 -an",
        ["none.mov"] = "-vf select=0 -c:v mjpeg -pix_fmt yuvj420p -an",
        ["none.avi"] = "-vf select=0 -c:v mpeg4 -an",
        ["none.mkv"] = "-vf select=0 -c:v mpeg4 -an",
        ["none-fragments.mp4"] = "-vf select=0 -c:v mpeg4 -an -movflags frag_keyframe+empty_moov",
        ["empty-track.avi"] = "-vf select=0 -c:v mpeg4 -c:a libmp3lame",
        ["empty-track.mkv"] = "-vf select=0 -c:v mpeg4 -c:a libmp3lame",
    };

    /// <summary>Where they are.</summary>
    internal TempFolder Folder { get; } = new();

    /// <summary>The content of a clip.</summary>
    public byte[] this[string name] => File.ReadAllBytes(Folder[name]);

    public async Task InitializeAsync()
    {
        if (Programs.SkipReason("ffmpeg", "ffprobe") is not null)
        {
            return;
        }

        // One process encodes many clips; two keep two cores busy.
        var clips = Playing.Concat(Pictureless).ToList();
        await Task.WhenAll(clips.Chunk((clips.Count + 1) / 2).Select(part => ExternalTools.RunAsync(
            Folder.FullPath,
            "ffmpeg",
            [.. Input(seconds: 1), .. part.SelectMany(clip => (string[])[.. clip.Value.Split(' '), clip.Key])])));
        await Task.WhenAll(KillAsync("killed.mkv"), KillAsync("killed.avi"), KillAsync("killed.mp4"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => Folder.Dispose();

    private static string[] Input(int seconds) =>
    [
        "-v", "error", "-nostdin", "-y",
        "-f", "lavfi", "-i", $"testsrc2=size=160x120:rate=25:duration={seconds}",
        "-f", "lavfi", "-i", $"sine=frequency=440:sample_rate=48000:duration={seconds}",
    ];

    // Killed in the middle, as the system does when memory runs out.
    private async Task KillAsync(string name)
    {
        string[] arguments = [.. Input(seconds: 3600), "-c:v", "mpeg4", "-c:a", "mp2", "-flush_packets", "1", name];
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { WorkingDirectory = Folder.FullPath,
            RedirectStandardError = true, UseShellExecute = false })!;
        await Eventually.HoldsAsync(() => new FileInfo(Folder[name]) is { Exists: true, Length: > 100_000 });
        process.Kill();
        await process.WaitForExitAsync();
    }
}
