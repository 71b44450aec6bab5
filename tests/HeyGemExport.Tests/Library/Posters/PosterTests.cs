using System.Net;
using System.Net.Http.Headers;
using HeyGemExport.Library;
using HeyGemExport.Library.Posters;
using HeyGemExport.Tests.Media;

namespace HeyGemExport.Tests.Library.Posters;

/// <summary>A small picture of each video, from its own key frame or by ffmpeg.</summary>
[Collection(MatrixClips.Collection)]
public sealed class PosterTests(MatrixClips clips) : IDisposable
{
    private readonly ExportApp app = new();

    public void Dispose() => app.Dispose();

    [ProgramTheory("ffmpeg")]
    [InlineData("plain.mp4", "video/mp4")]
    [InlineData("h264-aac.mkv", "video/mp4")]
    [InlineData("mjpeg-ac3.avi", "image/jpeg")]
    [InlineData("mpeg4-mp3.avi", "image/jpeg")]
    [InlineData("prores-pcm24.mov", "image/jpeg")]
    [InlineData("hevc.mp4", "image/jpeg")]
    [InlineData("vp9-opus.mkv", "image/jpeg")]
    public async Task A_poster_is_small_and_kept_for_as_long_as_the_video_is_the_same(string name, string type)
    {
        var (client, video) = await ListAsync(name);

        using var known = await client.GetAsync(Address(video, PosterService.VersionOf(video)));
        using var unknown = await client.GetAsync(Address(video, "0"));

        Assert.Equal((HttpStatusCode.OK, type), (known.StatusCode, known.Content.Headers.ContentType?.MediaType));
        Assert.InRange((await known.Content.ReadAsByteArrayAsync()).Length, 500, PosterService.MaxBytes);
        Assert.Equal(["immutable", "max-age=31536000", "private"], Caching(known));
        Assert.Equal(["no-cache", "private"], Caching(unknown));
        Assert.Equal("nosniff", Assert.Single(known.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(known.Headers.ETag?.IsWeak);
    }

    [ProgramFact("ffmpeg")]
    public async Task Serves_heads_ranges_and_unchanged_answers()
    {
        var (client, video) = await ListAsync("plain.mp4");
        var address = Address(video, "");

        using var head = await client.SendAsync(new(HttpMethod.Head, address));
        using var part = await client.SendAsync(new(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(0, 99) } });
        using var same = await client.SendAsync(new(HttpMethod.Get, address) { Headers = { IfNoneMatch = { head.Headers.ETag! } } });

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 500);
        Assert.Equal((HttpStatusCode.PartialContent, (long?)100), (part.StatusCode, part.Content.Headers.ContentLength));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [ProgramTheory("ffmpeg")]
    [InlineData("mpeg4-mp3.avi", HttpStatusCode.NoContent)]
    [InlineData("prores-pcm24.mov", HttpStatusCode.NoContent)]
    [InlineData("hevc.mp4", HttpStatusCode.OK)]
    public async Task Without_ffmpeg_only_key_frames_are_posters(string name, HttpStatusCode status)
    {
        app.Settings["Library:Posters:Ffmpeg"] = "off";
        var (client, video) = await ListAsync(name);

        using var response = await client.GetAsync(Address(video, ""));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? PosterKind.Video : PosterKind.None, app.Get<PosterService>().KindOf(video));
    }

    [ProgramFact("ffmpeg")]
    public async Task A_key_frame_that_is_too_large_becomes_an_image()
    {
        await ExternalTools.RunAsync(
            app.Outputs, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "nullsrc=s=1280x720:d=1,geq=random(1)*255:128:128", "-r", "2",
            "-c:v", "libx264", "-preset", "ultrafast", "-qp", "10", "-pix_fmt", "yuv420p", "noise.mp4");
        var video = await FindAsync("noise.mp4");
        using var client = app.CreateClient();

        using var response = await client.GetAsync(Address(video, ""));

        Assert.Equal(PosterKind.Video, app.Get<PosterService>().KindOf(video));
        Assert.Equal("image/jpeg", response.Content.Headers.ContentType?.MediaType);
        Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 500, PosterService.MaxBytes);
    }

    [ProgramFact("ffmpeg")]
    public async Task What_ffmpeg_made_is_kept_on_the_disk_and_not_made_again()
    {
        var (client, video) = await ListAsync("mpeg4-mp3.avi");
        await client.GetByteArrayAsync(Address(video, ""));
        var file = Assert.Single(Directory.GetFiles(Path.Combine(app.Data, "posters")));
        await File.WriteAllBytesAsync(file, [1, 2, 3]);

        Assert.Equal([1, 2, 3], await client.GetByteArrayAsync(Address(video, "")));
    }

    [Theory]
    [InlineData("missing.mp4")]
    [InlineData("%2e%2e/secret.mp4")]
    [InlineData("..%2fsecret.mp4")]
    [InlineData("link.mp4")]
    [InlineData("notes.txt")]
    public async Task What_is_not_listed_has_no_poster(string path)
    {
        app.AddVideo("a.mp4");
        app.Folder.Write("outputs/notes.txt", [1]);
        File.CreateSymbolicLink(Path.Combine(app.Outputs, "link.mp4"), app.Folder.Write("secret.mp4", ClipBytes.Mp4));
        await FindAsync("a.mp4");
        using var client = app.CreateClient();

        using var response = await client.GetAsync("/posters/" + path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [ProgramFact("ffmpeg")]
    public async Task A_video_that_has_changed_since_it_was_listed_has_none_until_it_is_listed_again()
    {
        var (_, video) = await ListAsync("plain.mp4");

        await Assert.ThrowsAsync<FileNotFoundException>(
            () => app.Get<PosterService>().FindAsync(video with { Bytes = video.Bytes + 1 }, CancellationToken.None));
    }

    [Fact]
    public async Task The_version_changes_with_the_content_and_differs_between_videos()
    {
        app.AddVideo("a.mp4");
        app.AddVideo("b.mp4");
        var before = PosterService.VersionOf(await FindAsync("a.mp4"));
        var other = PosterService.VersionOf(await FindAsync("b.mp4"));
        app.AddVideo("a.mp4", seed: 2);
        await app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);

        Assert.Equal(3, new[] { before, other, PosterService.VersionOf(await FindAsync("a.mp4")) }.Distinct().Count());
    }

    private static IEnumerable<string> Caching(HttpResponseMessage response) =>
        response.Headers.CacheControl!.ToString().Split(", ").Order(StringComparer.Ordinal);

    private async Task<(HttpClient Client, Video Video)> ListAsync(string name)
    {
        app.Folder.Write(Path.Combine("outputs", name), clips[name]);
        return (app.CreateClient(), await FindAsync(name));
    }

    private async Task<Video> FindAsync(string path)
    {
        app.StartServer();
        return await Eventually.FindAsync(() => Task.FromResult(
            app.Get<LibraryIndex>().Current.Find(path) is { State: VideoState.Ready } video ? video : null));
    }

    private static string Address(Video video, string version) => $"/posters/{video.Path}?v={version}";
}
