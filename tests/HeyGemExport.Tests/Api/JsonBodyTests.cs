using System.Net;
using System.Net.Http.Headers;
using System.Text;
using HeyGemExport.Api;

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

    /// <summary>For one request, by client and server together; the body itself is made before.</summary>
    private const long MaxAllocated = 50L << 20;

    private const int Attempts = 10;

    public static TheoryData<string, string, string> Worst => new()
    {
        { "/api/v1/exports/preview", "{\"selection\":{\"paths\":[#]}}", "distinct" },
        { "/api/v1/exports/preview", "{\"selection\":{\"paths\":[#]}}", "most" },
        { "/api/v1/exports/preview", "{\"selection\":{\"batches\":[#]}}", "most" },
        { "/api/v1/exports/preview", "{\"selection\":{\"paths\":[#]}}", "empty" },
        { "/api/v1/exports/preview", "{\"selection\":{\"batches\":[#]}}", "distinct" },
        { "/api/v1/exports/preview", "{\"selection\":{\"tags\":[#]}}", "distinct" },
        { "/api/v1/exports/preview", "{\"selection\":{\"tags\":[#]}}", "empty" },
        { "/api/v1/exports/preview", "{\"selection\":{\"query\":#}}", "words" },
        { "/api/v1/exports", "{\"selection\":{\"paths\":[#]}}", "distinct" },
        { "/api/v1/tags", "{\"paths\":[\"a.mp4\"],\"add\":[#]}", "distinct" },
        { "/api/v1/tags", "{\"paths\":[\"a.mp4\"],\"add\":[#]}", "empty" },
        { "/api/v1/tags", "{\"paths\":[\"a.mp4\"],\"remove\":[#]}", "distinct" },
        { "/api/v1/tags", "{\"paths\":[#],\"add\":[\"x\"]}", "distinct" },
        { "/api/v1/tags", "{\"paths\":[#],\"add\":[\"x\"]}", "most" },
        { "/api/v1/tags", "{\"batches\":[#],\"add\":[\"x\"]}", "empty" },
        { "/api/v1/videos/metadata.csv", "{\"paths\":[#]}", "distinct" },
    };

    [Theory]
    [MemberData(nameof(Worst))]
    public async Task The_largest_body_that_is_read_costs_little(string address, string shape, string what)
    {
        using var client = app.Pipeline();
        var values = what switch
        {
            "most" => string.Join(',', Enumerable.Range(0, 20_000).Select(number => $"\"{number:x48}\"")),
            "distinct" => string.Join(',', Enumerable.Range(0, 110_000).Select(number => $"\"{number:x6}\"")),
            "empty" => string.Join(',', Enumerable.Repeat("\"\"", 340_000)),
            _ => '"' + string.Join(' ', Enumerable.Range(0, 170_000).Select(number => $"{number:x5}")) + '"',
        };
        var body = Encoding.UTF8.GetBytes(shape.Replace("#", values, StringComparison.Ordinal));
        Assert.InRange(body.Length, 900_000, JsonBody.MaxBytes);
        using (await PostAsync(client, address, Encoding.UTF8.GetBytes(shape.Replace("#", "\"x\"", StringComparison.Ordinal))))
        {
        }

        Assert.InRange(await LeastAllocatedAsync(() => PostAsync(client, address, body)), 0, MaxAllocated);
    }

    /// <summary>Other tests run in this process, too: they can only add to it.</summary>
    private static async Task<long> LeastAllocatedAsync(Func<Task<HttpResponseMessage>> send)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < Attempts && least > MaxAllocated; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes();
            using var answer = await send();
            least = Math.Min(least, GC.GetTotalAllocatedBytes() - before);
            Assert.InRange((int)answer.StatusCode, 200, 499);
        }

        return least;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string address, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return client.PostAsync(new Uri(address, UriKind.Relative), content);
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
