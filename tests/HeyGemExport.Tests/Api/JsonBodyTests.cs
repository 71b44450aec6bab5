using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace HeyGemExport.Tests.Api;

/// <summary>What a body may cost, wherever one is read.</summary>
public sealed class JsonBodyTests : IAsyncLifetime
{
    private static readonly (string Method, string Address)[] Routes =
    [
        ("POST", "/api/v1/tags"), ("POST", "/api/v1/exports"), ("POST", "/api/v1/exports/preview"),
        ("PUT", "/api/v1/exports/aaaaaaaaaaaa/name"), ("POST", "/api/v1/exports/aaaaaaaaaaaa/shares"),
        ("POST", "/api/v1/exports/aaaaaaaaaaaa/deliveries"),
        ("POST", "/api/v1/deliveries/aaaaaaaaaaaa/links"), ("POST", "/api/v1/videos/metadata.csv"),
    ];

    private readonly HeldApp app = new();

    public Task InitializeAsync()
    {
        app.AddVideo("a.mp4");
        app.StartServer();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_body_is_refused_wherever_one_is_read(bool saysItsLength)
    {
        using var client = app.Pipeline();
        var body = Encoding.UTF8.GetBytes($"{{\"paths\":[{string.Join(',', Enumerable.Repeat("\"\"", 2_500_000))}]}}");
        foreach (var (method, address) in Routes)
        {
            using HttpContent content = saysItsLength ? new ByteArrayContent(body) : new StreamContent(new Chunked(body));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await TrySendAsync(client, new HttpRequestMessage(new HttpMethod(method), address) { Content = content });
            Assert.True(
                answer is null or { StatusCode: HttpStatusCode.RequestEntityTooLarge }, $"{method} {address}: {answer?.StatusCode}");
        }
    }

    [Theory]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=\"\"")]
    [InlineData("application/json; charset=gb18030")]
    [InlineData("text/json")]
    public async Task What_is_not_JSON_in_UTF8_is_refused(string type)
    {
        using var client = app.Pipeline();
        foreach (var (method, address) in Routes)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), address);
            request.Content = new ByteArrayContent("{}"u8.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await client.SendAsync(request);
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }
    }

    private static async Task<HttpResponseMessage?> TrySendAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            return await client.SendAsync(request);
        }
        catch (HttpRequestException)
        {
            // The server has answered and closed the connection before all was sent.
            return null;
        }
    }

    /// <summary>Tells no length, as what is sent in chunks.</summary>
    private sealed class Chunked(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
