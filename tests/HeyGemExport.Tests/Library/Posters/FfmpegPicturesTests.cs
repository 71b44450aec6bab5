using System.Diagnostics;
using HeyGemExport.Data;
using HeyGemExport.Library;
using HeyGemExport.Library.Posters;
using HeyGemExport.Media;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Tests.Library.Posters;

/// <summary>How ffmpeg is run, with programs in its place that say or do what they are told.</summary>
public sealed class FfmpegPicturesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public async Task It_runs_with_low_priority_and_limited_memory_and_gets_no_path_of_the_outputs_folder()
    {
        var pictures = Pictures("sleep 0.3; nice; ulimit -v; echo \"$@\"");

        var said = (await TakeAsync(pictures, "a"))!.Split('\n');

        Assert.Equal(["10", "2097152"], said[..2]);
        Assert.Contains($"-f mov -ss 0.7 -noaccurate_seek -i file:/proc/{Environment.ProcessId}/fd/", said[2], StringComparison.Ordinal);
        Assert.DoesNotContain(folder.FullPath, said[2], StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task It_runs_one_at_a_time()
    {
        var pictures = Pictures($"mkdir {folder["busy"]} && sleep 0.2 && rmdir {folder["busy"]} && echo alone");

        var said = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => TakeAsync(pictures, $"key{number}")));

        Assert.All(said, words => Assert.Equal("alone\n", words));
    }

    [LinuxFact]
    public async Task Who_no_longer_waits_ends_it()
    {
        // It may write no file, but make a folder.
        var pictures = Pictures($"mkdir -p {folder["runs"]}/$$; exec sleep 600");
        using var waiting = new CancellationTokenSource();

        var picture = TakeAsync(pictures, "a", waiting.Token);
        await Eventually.HoldsAsync(() => Directory.Exists(folder["runs"]) && Directory.GetDirectories(folder["runs"]).Length > 0);
        await waiting.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => picture);
        var process = int.Parse(
            Path.GetFileName(Assert.Single(Directory.GetDirectories(folder["runs"]))), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(process));
    }

    [LinuxTheory]
    [InlineData("exit 1")]
    [InlineData("head -c 300000 /dev/zero")]
    public async Task What_gives_no_small_picture_is_asked_once(string script)
    {
        var pictures = Pictures($"mkdir -p {folder["runs"]}/$$; {script}");

        Assert.Null(await TakeAsync(pictures, "a"));
        Assert.Null(await TakeAsync(pictures, "a"));

        Assert.Single(Directory.GetDirectories(folder["runs"]));
    }

    [Fact]
    public void Those_made_the_longest_ago_go_when_there_are_too_many_bytes()
    {
        var cache = Cache(new PosterOptions { CacheBytes = 1000 });
        foreach (var number in Enumerable.Range(1, 4))
        {
            cache.Add($"p{number}", new byte[300]);
            if (File.Exists(folder["data", "posters", $"p{number}.jpg"]))
            {
                File.SetLastWriteTimeUtc(
                    folder["data", "posters", $"p{number}.jpg"], new DateTime(2026, 1, number, 0, 0, 0, DateTimeKind.Utc));
            }
        }

        Assert.Null(cache.Find("p1"));
        Assert.Equal(300, cache.Find("p4")?.Length);
        Assert.InRange(Directory.GetFiles(folder["data", "posters"]).Sum(file => new FileInfo(file).Length), 600, 1000);
    }

    [Theory]
    [InlineData("Library:Posters:Ffmpeg", "ffmpeg")]
    [InlineData("Library:Posters:Ffmpeg", "/nowhere/ffmpeg")]
    [InlineData("Library:Posters:CacheBytes", "-1")]
    public async Task A_wrong_setting_is_named_when_the_app_starts(string key, string value)
    {
        using var bed = new LibraryBed((key, value));

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => bed.Host.StartAsync());

        Assert.Contains(key, exception.Message, StringComparison.Ordinal);
    }

    private async Task<string?> TakeAsync(FfmpegPictures pictures, string key, CancellationToken cancellationToken = default)
    {
        await using var file = File.OpenRead(folder.Write($"{key}.mp4", [1]));
        var video = new Video($"{key}.mp4", 1, DateTimeOffset.UnixEpoch, VideoState.Ready, DurationSeconds: 7)
        {
            Media = new MediaFacts("mp4", "prores"),
        };
        var picture = await pictures.TakeAsync(file.SafeFileHandle, video, key, PosterService.MaxBytes, cancellationToken);
        return picture is null ? null : System.Text.Encoding.UTF8.GetString(picture);
    }

    private FfmpegPictures Pictures(string script)
    {
        var program = folder.Write("ffmpeg", System.Text.Encoding.UTF8.GetBytes("#!/bin/sh\n" + script + "\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var options = new PosterOptions { Ffmpeg = program };
        return new(Options.Create(options), Cache(options), NullLogger<FfmpegPictures>.Instance);
    }

    private PosterCache Cache(PosterOptions options) => new(
        Options.Create(options),
        Options.Create(new DataOptions { Path = folder["data"] }),
        new HostingEnvironment { ContentRootPath = folder.FullPath },
        NullLogger<PosterCache>.Instance);
}
