using System.Net;
using System.Net.Http.Headers;

namespace HeyGemExport.Tests.Library;

/// <summary>The videos themselves over a real connection: the test server would rewrite the paths that this is about.</summary>
public sealed class VideoFileEndpointsTests : IDisposable
{
    private readonly ExportApp app = new() { Settings = { ["urls"] = "http://127.0.0.1:0" } };

    public VideoFileEndpointsTests() => app.UseKestrel();

    public void Dispose() => app.Dispose();

    [Theory]
    [InlineData("a.mp4", "video/mp4")]
    [InlineData("批次 1/数字人 #1 100% + ?.MOV", "video/quicktime")]
    [InlineData("a/%2e%2e/b.mkv", "video/x-matroska")]
    [InlineData("<img src=x onerror=alert(1)>.avi", "video/x-msvideo")]
    public async Task Serves_a_video_inline_with_its_type_tag_and_length(string path, string type)
    {
        Write(path, ClipBytes.Mp4);
        using var client = app.CreateClient();

        using var response = await client.GetAsync(Address(client, path));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(ClipBytes.Mp4, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Null(response.Content.Headers.ContentDisposition);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(response.Headers.ETag?.IsWeak);
    }

    [Fact]
    public async Task Serves_ranges_heads_and_unchanged_answers()
    {
        Write("a.mp4", ClipBytes.Mp4);
        using var client = app.CreateClient();
        using var part =
            new HttpRequestMessage(HttpMethod.Get, Address(client, "a.mp4")) { Headers = { Range = new RangeHeaderValue(10, 19) } };
        using var partial = await client.SendAsync(part);
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Address(client, "a.mp4")));
        using var known =
            new HttpRequestMessage(HttpMethod.Get, Address(client, "a.mp4")) { Headers = { IfNoneMatch = { head.Headers.ETag! } } };
        using var unchanged = await client.SendAsync(known);
        using var past =
            new HttpRequestMessage(
            HttpMethod.Get, Address(client, "a.mp4")) { Headers = { Range = new RangeHeaderValue(1_000_000, null) } };
        using var unsatisfiable = await client.SendAsync(past);

        Assert.Equal(HttpStatusCode.PartialContent, partial.StatusCode);
        Assert.Equal(ClipBytes.Mp4[10..20], await partial.Content.ReadAsByteArrayAsync());
        Assert.Equal((HttpStatusCode.OK, (long?)ClipBytes.Mp4.Length), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, unsatisfiable.StatusCode);
    }

    [Theory]
    [InlineData("/videos/")]
    [InlineData("/videos/missing.mp4")]
    [InlineData("/videos/batch")]
    [InlineData("/videos/../secret.mp4")]
    [InlineData("/videos/%2e%2e/secret.mp4")]
    [InlineData("/videos/..%2fsecret.mp4")]
    [InlineData("/videos/%2e%2e%2fsecret.mp4")]
    [InlineData("/videos/%252e%252e/secret.mp4")]
    [InlineData("/videos/..%5csecret.mp4")]
    [InlineData("/videos//secret.mp4")]
    [InlineData("/videos/batch//a.mp4")]
    [InlineData("/videos/C:%5csecret.mp4")]
    [InlineData("/videos/%5c%5cserver%5cshare%5cx.mp4")]
    [InlineData("/videos/../outputs-secret/x.mp4")]
    [InlineData("/videos/-secret/x.mp4")]
    [InlineData("/videos/link.mp4")]
    [InlineData("/videos/linked/secret.mp4")]
    [InlineData("/videos/notes.txt")]
    [InlineData("/videos/.hidden.mp4")]
    [InlineData("/videos/.hidden/a.mp4")]
    public async Task Serves_nothing_that_is_not_a_listed_video(string address)
    {
        Write("batch/a.mp4", ClipBytes.Mp4);
        Write("notes.txt", [1]);
        Write(".hidden.mp4", ClipBytes.Mp4);
        Write(".hidden/a.mp4", ClipBytes.Mp4);
        app.Folder.Write("outputs-secret/x.mp4", ClipBytes.Mp4);
        File.CreateSymbolicLink(Path.Combine(app.Outputs, "link.mp4"), app.Folder.Write("secret.mp4", ClipBytes.Mp4));
        Directory.CreateSymbolicLink(Path.Combine(app.Outputs, "linked"), app.Folder.FullPath);
        using var client = app.CreateClient();

        using var response = await client.GetAsync(Exact(client, address));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static Uri Address(HttpClient client, string path) =>
        Exact(client, "/videos/" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString)));

    private static Uri Exact(HttpClient client, string address) => new(
        client.BaseAddress!.GetLeftPart(UriPartial.Authority) + address,
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private void Write(string path, byte[] content) => app.Folder.Write(Path.Combine("outputs", path), content);
}
