using System.Net;

namespace HeyGemExport.Tests.Hosting;

public sealed class CompressionTests : IDisposable
{
    private readonly ExportApp app = new();

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/nowhere", "text/html")]
    [InlineData("/api/v1/videos", "application/json")]
    [InlineData("/api/v1/exports/aaaaaaaaaaaa", "application/json")]
    [InlineData("/openapi/v1.json", "application/json")]
    public async Task Pages_and_json_are_compressed(string address, string accept)
    {
        using var response = await AskAsync(address, accept);

        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
    }

    [Fact]
    public async Task Archives_videos_and_events_are_sent_as_they_are()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var id = (await app.ExportAsync(client, new { all = true })).GetProperty("id").GetString();

        string[] addresses = [$"/exports/{id}/download", "/videos/a.mp4", $"/api/v1/exports/{id}/events", "/api/v1/videos/metadata.csv"];
        foreach (var address in addresses)
        {
            using var response = await AskAsync(address, "*/*");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.DoesNotContain(response.Content.Headers.ContentEncoding, encoding => encoding is not "identity");
        }
    }

    public void Dispose() => app.Dispose();

    private async Task<HttpResponseMessage> AskAsync(string address, string accept)
    {
        using var starter = app.CreateClient();
        using var client = new HttpClient(new HttpClientHandler()) { BaseAddress = starter.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Accept", accept);
        request.Headers.Add("Accept-Encoding", "gzip");
        return await client.SendAsync(request);
    }
}
