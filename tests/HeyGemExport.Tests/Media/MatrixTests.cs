using System.Globalization;
using System.Text.Json;
using HeyGemExport.Media;
using HeyGemExport.Tests.Library;
using Xunit.Abstractions;

namespace HeyGemExport.Tests.Media;

/// <summary>Muxers, flags, codecs, cuts and surgery: each file is judged as it was made, and its figures are those of ffprobe. The table
/// that it prints is the one in <c>docs/reliability.md</c>.</summary>
[Collection(MatrixClips.Collection)]
public sealed class MatrixTests(MatrixClips clips, ITestOutputHelper output)
{
    [ProgramFact("ffmpeg", "ffprobe")]
    public void Every_file_is_judged_as_it_was_made()
    {
        var files = Files().ToList();
        var judged = files.Select(file => (file.Kind, file.Name, file.Plays,
            MediaInspector.Inspect(new MemoryStream(file.Content)).Defect)).ToList();

        output.WriteLine("| kind | made to play | judged ready | made broken | judged broken |\n|---|---|---|---|---|");
        foreach (var kind in judged.GroupBy(file => file.Kind, StringComparer.Ordinal))
        {
            output.WriteLine(
                $"| {kind.Key} | {kind.Count(file => file.Plays)} | {kind.Count(file => file.Plays && file.Defect is null)} "
                + $"| {kind.Count(file => !file.Plays)} | {kind.Count(file => !file.Plays && file.Defect is not null)} |");
        }

        Assert.True(judged.Count >= 150, $"only {judged.Count}");
        Assert.Empty(judged.Where(file => file.Plays != file.Defect is null)
            .Select(file => $"{file.Kind}: {file.Name}: {file.Defect?.Code}"));
    }

    [ProgramFact("ffmpeg", "ffprobe")]
    public async Task Figures_are_those_of_ffprobe()
    {
        List<string> wrong = [];
        await Parallel.ForEachAsync(MatrixClips.Playing.Keys.Where(IsRead), new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (name, cancellationToken) =>
        {
            var report = await ExternalTools.RunAsync(clips.Folder.FullPath, "ffprobe", "-v", "error", "-of", "json", "-show_format",
                "-show_streams", name);
            using var theirs = JsonDocument.Parse(report!);
            var facts = MediaInspector.Inspect(new MemoryStream(clips[name]), cancellationToken).Facts!;
            lock (wrong)
            {
                wrong.AddRange(Differences(facts, theirs.RootElement).Select(difference => $"{name}: {difference}"));
            }
        });

        Assert.Empty(wrong);
    }

    private static bool IsRead(string name) => Path.GetExtension(name) is ".mp4" or ".mov" or ".avi" or ".mkv";

    private static IEnumerable<string> Differences(MediaFacts ours, JsonElement theirs)
    {
        var streams = theirs.GetProperty("streams").EnumerateArray().ToList();
        var video = streams.First(stream => Text(stream, "codec_type") is "video");
        var audio = streams.FirstOrDefault(stream => Text(stream, "codec_type") is "audio");
        var format = theirs.GetProperty("format");
        var turned = video.TryGetProperty("side_data_list", out var sides)
            && sides.EnumerateArray().Any(side => side.TryGetProperty("rotation", out _));
        var (width, height) = (video.GetProperty("width").GetInt32(), video.GetProperty("height").GetInt32());
        (string What, object? Ours, object? Theirs, double Within)[] figures =
        [
            ("video codec", ours.VideoCodec, Text(video, "codec_name"), 0),
            ("audio codec", ours.AudioCodec, audio.ValueKind == JsonValueKind.Undefined ? null : Text(audio, "codec_name"), 0),
            ("width", ours.Width, turned ? height : width, 0),
            ("height", ours.Height, turned ? width : height, 0),
            ("frame rate", ours.FrameRate, Rate(Text(video, "avg_frame_rate")!), 0.002),
            // A live file tells none.
            ("duration", ours.DurationSeconds, Text(format, "duration") is { } text ? double.Parse(text, CultureInfo.InvariantCulture)
                : ours.DurationSeconds, 0.002),
        ];
        foreach (var (what, our, their, within) in figures)
        {
            if (our is double one && their is double other ? Math.Abs(one - other) > within : !Equals(our, their))
            {
                yield return $"{what} {our ?? "none"}, ffprobe {their ?? "none"}";
            }
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static double Rate(string fraction)
    {
        var parts = fraction.Split('/');
        return double.Parse(parts[0], CultureInfo.InvariantCulture) / double.Parse(parts[1], CultureInfo.InvariantCulture);
    }

    private IEnumerable<(string Kind, string Name, bool Plays, byte[] Content)> Files() =>
        [.. AsMade(), .. Incomplete(), .. WithTails(), .. UnusualIso(), .. Fragmented(), .. UnusualAvi(), .. UnusualMatroska()];

    private IEnumerable<(string Kind, string Name, bool Plays, byte[] Content)> AsMade()
    {
        foreach (var name in MatrixClips.Playing.Keys)
        {
            yield return (IsRead(name) ? "as ffmpeg makes it" : "another container", name, true, clips[name]);
        }

        foreach (var name in MatrixClips.Pictureless.Keys)
        {
            yield return ("no pictures", name, false, clips[name]);
        }

        foreach (var name in (string[])["killed.mkv", "killed.avi", "killed.mp4"])
        {
            yield return ("writer killed", name, false, clips[name]);
        }

        yield return ("another container", "HTML", false, [.. "<!DOCTYPE html><title>404</title>"u8]);
        yield return ("another container", "zeros", false, new byte[100_000]);
        yield return ("another container", "JPEG", false, [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, .. new byte[500]]);
        yield return ("another container", "ZIP", false, [.. "PK\u0003\u0004"u8, .. new byte[500]]);
    }

    private IEnumerable<(string Kind, string Name, bool Plays, byte[] Content)> Incomplete()
    {
        foreach (var name in (string[])["plain.mp4", "faststart.mp4", "silent.mp4", "hevc.mp4", "frag_keyframe.mp4", "dash.mp4",
            "global_sidx.mp4", "mjpeg-pcm.mov", "faststart.mov",
            "mpeg4-mp3.avi", "mjpeg-ac3.avi", "h264-mp3.avi", "h264-aac.mkv", "short-clusters.mkv", "cues-in-front.mkv", "live.mkv",
                "vp9-opus.mkv"])
        {
            foreach (var percent in (int[])[10, 33, 50, 75, 90])
            {
                yield return ("cut", $"{name} at {percent} %", false, Surgery.Cut(clips[name], percent));
                yield return ("zeros from some point on", $"{name} from {percent} %", false, Surgery.ZerosFrom(clips[name], percent));
            }
        }
    }

    private IEnumerable<(string Kind, string Name, bool Plays, byte[] Content)> WithTails()
    {
        foreach (var name in (string[])["plain.mp4", "faststart.mp4", "frag_keyframe.mp4", "plain.mov", "mpeg4-mp3.avi", "mjpeg-ac3.avi",
            "h264-aac.mkv", "live.mkv"])
        {
            foreach (var (tail, bytes) in Surgery.Tails)
            {
                yield return ("bytes behind", $"{name} with {tail}", true, [.. clips[name], .. bytes]);
            }
        }
    }

    private IEnumerable<(string Kind, string Name, bool Plays, byte[] Content)> UnusualIso()
    {
        foreach (var name in (string[])["plain.mp4", "plain.mov"])
        {
            foreach (var head in Surgery.Heads)
            {
                yield return ("unusual boxes", $"{name} with {head} in front", true,
                    Surgery.PutInFront(clips[name], ClipBytes.Box(head, new byte[24])));
            }

            byte[] tag = [.. "ID3\u0003\0\0\0\0\u0001\0"u8, .. new byte[128]];
            yield return ("unusual boxes", $"{name} with ID3v2 in front", true, Surgery.PutInFront(clips[name], tag));
            yield return ("unusual boxes", $"{name} without ftyp", true, Surgery.Rename(clips[name], "ftyp", "free"));
            yield return ("unusual boxes", $"{name} with a cut free", true,
                [.. clips[name], .. ClipBytes.Box("free", new byte[100])[..50]]);
            yield return ("unusual boxes", $"{name} with a cut uuid", true,
                [.. clips[name], .. ClipBytes.Box("uuid", new byte[1000])[..500]]);
            yield return ("unusual boxes", $"{name} with a box of type 0", true, [.. clips[name], 0, 0, 0, 8, 0, 0, 0, 0]);
            yield return ("unusual boxes", $"{name} with a cut moov", false, clips[name][..^40]);
        }

        var open = Surgery.OpenMedia(clips["faststart.mp4"]);
        yield return ("media to the end", "whole", true, open);
        foreach (var percent in (int[])[20, 50, 99])
        {
            yield return ("media to the end", $"cut at {percent} %", false, Surgery.Cut(open, percent));
        }
    }

    private IEnumerable<(string Kind, string Name, bool Plays, byte[] Content)> Fragmented()
    {
        foreach (var name in (string[])["frag_keyframe.mp4", "empty_moov.mp4", "skip_trailer.mp4", "default_base_moof.mp4",
            "separate_moof.mp4", "dash.mp4", "ismv.mp4"])
        {
            var file = clips[name];
            var moofs = Surgery.Boxes(file, "moof");
            yield return ("fragments", $"{name} without the last mdat", false, file[..moofs[^1].End]);
            yield return ("fragments", $"{name} without the second mdat and what follows", false,
                file[..moofs[Math.Min(1, moofs.Count - 1)].End]);
            yield return ("fragments", $"{name} without the data of its first fragment", false,
                [.. file[..moofs[0].End], .. file[moofs[1].Start..]]);
            yield return ("fragments", $"{name} with bytes missing in its first fragment", false,
                [.. file[..(moofs[0].End + 100)], .. file[(moofs[0].End + 200)..]]);
            yield return ("fragments", $"{name} with a cut mdat", false, file[..(moofs[^1].End + 500)]);
            yield return ("fragments", $"{name} with a cut moof", false, file[..(moofs[^1].End - 4)]);
        }

        var indexed = clips["frag_keyframe.mp4"];
        var (fragment, index) = (Surgery.Boxes(indexed, "moof")[^1], Surgery.Boxes(indexed, "mfra")[^1]);
        yield return ("fragments", "an mfra that promises more", false, [.. indexed[..fragment.Start], .. indexed[index.Start..]]);
        var segmented = clips["global_sidx.mp4"];
        yield return ("fragments", "a sidx that promises more", false, segmented[..Surgery.Boxes(segmented, "moof")[^1].Start]);
    }

    private IEnumerable<(string Kind, string Name, bool Plays, byte[] Content)> UnusualAvi()
    {
        foreach (var name in (string[])["mpeg4-mp3.avi", "mjpeg-ac3.avi", "xvid-pcm.avi"])
        {
            var file = clips[name];
            foreach (var difference in (int[])[-8, -2, 4, 8])
            {
                yield return ("lengths of AVI", $"{name} with RIFF {difference:+0;-0}", true,
                    Surgery.ChangeLengths(file, difference, movi: false));
                yield return ("lengths of AVI", $"{name} with movi {difference:+0;-0}", true,
                    Surgery.ChangeLengths(file, difference, movi: true));
            }

            yield return ("lengths of AVI", $"{name} without index", true, Surgery.ChangeIndex(file, keep: false, []));
            yield return ("lengths of AVI", $"{name} with null bytes before the index", true,
                Surgery.ChangeIndex(file, keep: true, new byte[512]));
            yield return ("lengths of AVI", $"{name} with an index that leads elsewhere", true,
                Surgery.ChangeIndex(file, keep: false, ClipBytes.Chunk("idx1", new byte[160])));
            yield return ("lengths of AVI", $"{name} with JUNK behind", true, [.. file, .. ClipBytes.Chunk("JUNK", new byte[100])]);
            yield return ("lengths of AVI", $"{name} with a second RIFF behind", true,
                [.. file, .. ClipBytes.Riff("AVI ", ClipBytes.List("INFO"))]);
            yield return ("lengths of AVI", $"{name} without index, cut", false, Surgery.ChangeIndex(file, keep: false, [])[..^3000]);
        }
    }

    private IEnumerable<(string Kind, string Name, bool Plays, byte[] Content)> UnusualMatroska()
    {
        foreach (var name in (string[])["short-clusters.mkv", "cues-in-front.mkv"])
        {
            var file = clips[name];
            yield return ("elements of Matroska", $"{name} with an unknown element", true,
                Surgery.PutBetweenClusters(file, 1, ClipBytes.Element(0x7ABC, new byte[50])));
            yield return ("elements of Matroska", $"{name} with an unknown element of 4 bytes", true,
                Surgery.PutBetweenClusters(file, 2, ClipBytes.Element(0x1F43AAAA, new byte[50])));
            yield return ("elements of Matroska", $"{name} with a Void", true,
                Surgery.PutBetweenClusters(file, 1, ClipBytes.Element(0xEC, new byte[5000])));
            yield return ("elements of Matroska", $"{name} with zeros between clusters", true,
                Surgery.PutBetweenClusters(file, 1, new byte[64]));
            yield return ("elements of Matroska", $"{name} with other bytes between clusters", false,
                Surgery.PutBetweenClusters(file, 1, [.. Enumerable.Repeat((byte)1, 64)]));
            var hole = (byte[])file.Clone();
            hole.AsSpan(file.Length / 2, 4096).Clear();
            yield return ("elements of Matroska", $"{name} with a hole", false, hole);
        }
    }
}
