using System.Net.Http.Headers;
using System.Text;
using HeyGemExport.Api;

namespace HeyGemExport.Tests.Api;

/// <summary>What the largest body that is read may cost.</summary>
[Collection(Allocated.Alone)]
public sealed class JsonBodyCostTests(JsonBodyCostTests.Host host) : IClassFixture<JsonBodyCostTests.Host>
{
    /// <summary>For one request, by client and server together; the body itself is made before.</summary>
    private const long MaxAllocated = 50L << 20;

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
        using var client = host.App.Pipeline();
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

        var allocated = await Allocated.ByAsync(async () =>
        {
            using var answer = await PostAsync(client, address, body);
            Assert.InRange((int)answer.StatusCode, 200, 499);
            return answer;
        });
        Assert.InRange(allocated, 0, MaxAllocated);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string address, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return client.PostAsync(new Uri(address, UriKind.Relative), content);
    }

    public sealed class Host : IAsyncLifetime
    {
        public HeldApp App { get; } = new();

        public Task InitializeAsync()
        {
            App.AddVideo("a.mp4");
            App.StartServer();
            return Task.CompletedTask;
        }

        public async Task DisposeAsync() => await App.DisposeAsync();
    }
}
