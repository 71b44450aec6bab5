using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HeyGemExport.Tests.Telemetry;

/// <summary>Which requests are worth a line, and what stands in it.</summary>
public sealed partial class RequestLogTests : IDisposable
{
    private readonly HeldApp app = new();
    private readonly HttpClient client;

    public RequestLogTests() => client = app.CreateClient();

    public void Dispose()
    {
        client.Dispose();
        app.Dispose();
    }

    [Fact]
    public async Task A_visit_and_a_call_are_one_line_each_without_the_query()
    {
        await client.GetAsync("/?q=confidential&token=abc123");
        await client.GetAsync("/api/v1/videos?q=confidential");

        var lines = await LinesAsync(2);

        Assert.Matches(Visit(), lines[0]);
        Assert.Contains("[INFO] GET /api/v1/videos 200 ", lines[1], StringComparison.Ordinal);
        var log = await ReadAsync();
        Assert.DoesNotContain("confidential", log, StringComparison.Ordinal);
        Assert.DoesNotContain("abc123", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_files_and_refreshes_are_no_line()
    {
        await client.GetAsync("/healthz/ready");
        await client.GetAsync("/healthz/live");
        await client.GetAsync("/metrics");
        await client.GetAsync("/css/base.css");
        using var refresh = new HttpRequestMessage(HttpMethod.Get, "/ops") { Headers = { { "X-Refresh", "1" } } };
        await client.SendAsync(refresh);
        await client.GetAsync("/exports");

        Assert.Contains(" GET /exports 200 ", Assert.Single(await LinesAsync(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_id_in_an_error_is_that_of_its_line()
    {
        using var response = await client.GetAsync("/api/v1/exports/aaaaaaaaaaaa");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();

        var line = Assert.Single(await LinesAsync(1));

        Assert.EndsWith($" [{problem.GetProperty("traceId").GetString()}]", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_id_on_an_error_page_is_that_of_its_line()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nothing") { Headers = { { "Accept", "text/html" } } };
        using var response = await client.SendAsync(request);
        var page = await response.Content.ReadAsStringAsync();

        var line = Assert.Single(await LinesAsync(1));

        Assert.Contains($" GET /nothing 404 ", line, StringComparison.Ordinal);
        Assert.Contains(line[(line.LastIndexOf('[') + 1)..^1], page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_of_a_share_link_is_masked()
    {
        await client.GetAsync("/s/token-to-hide");
        await client.GetAsync("/s/token-to-hide/download");
        await client.GetAsync("/S/token-to-hide/nowhere");

        Assert.All(await LinesAsync(3), line => Assert.Contains(" GET /s/… ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("token-to-hide", await ReadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//s/TOKEN")]
    [InlineData("/s%2fTOKEN")]
    [InlineData("/s%252fTOKEN/download")]
    [InlineData("/./s/TOKEN")]
    [InlineData("/%73/TOKEN")]
    [InlineData("/s%5cTOKEN")]
    [InlineData("/videos/s/TOKEN")]
    [InlineData("/export/TOKEN/download")]
    public async Task The_token_of_a_share_link_is_masked_however_the_path_is_spelled(string path)
    {
        const string Token = "n3vX0dpYkLq8Rw2sTt5uAbCdEfGhIjKlMnOpQrStUv0";

        await RawHttp.GetAsync(client.BaseAddress!, path.Replace("TOKEN", Token, StringComparison.Ordinal));
        await client.GetAsync("/exports");

        await LinesAsync(2);
        Assert.DoesNotContain(Token, await ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_would_forge_a_line_is_escaped()
    {
        await client.GetAsync("/nothing%0a2026-01-01%2000:00:00.000%20+00:00%20[ERROR]%20forged");

        var line = Assert.Single(await LinesAsync(1));

        Assert.Contains(@"/nothing\n2026-01-01", line, StringComparison.Ordinal);
    }

    private async Task<List<string>> LinesAsync(int count)
    {
        // The line is written after the answer has been sent.
        List<string> lines = [];
        await Eventually.HoldsAsync(async () =>
        {
            lines = [.. (await ReadAsync()).Split('\n').Where(line => Request().IsMatch(line))];
            return lines.Count >= count;
        });
        return lines;
    }

    private async Task<string> ReadAsync()
    {
        await using var stream = new FileStream(app.RunLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    [GeneratedRegex(@"^\S+ \S+ \S+ \[INFO\] GET / 200 \d+ ms anonymous (127\.0\.0\.1|::1) \[\w+:\w+\]$", RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Visit();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \S+ \S+ \[\w+\] [A-Z]+ /", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Request();
}
