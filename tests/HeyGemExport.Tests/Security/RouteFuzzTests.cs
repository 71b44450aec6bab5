using System.Globalization;
using System.Net;
using System.Text;
using HeyGemExport.Tests.Shares;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace HeyGemExport.Tests.Security;

/// <summary>Sends what a fuzzer makes to every route by every method: nothing that a client sends is the server's fault. For longer, and
/// again from a seed: <c>HEYGEM_FUZZ_ROUNDS=200 HEYGEM_FUZZ_SEED=1</c>.</summary>
public sealed class RouteFuzzTests : IAsyncLifetime
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"];

    private static readonly string[] Texts =
    [
        "", "1", "0", "-1", "999999999999999999999", "1e309", "NaN", "true", "null", "中文", "批次一/课程.mp4", "\ufffe", "\ud800", "a\0b",
        "%00", "%", "%zz", "%252e%252e%252f", "../../etc/passwd", "..\\..\\x", "//attacker.example", "/?batch=中文",
        "https://attacker.example/",
        "a\r\nX-Injected: 1", "\u202egpj.exe", "<img src=x onerror=alert(1)>", "' OR 1=1 --", "{{7*7}}", "=cmd|'/c calc'!A0",
        "2026-13-45",
        "0001-01-01", "9999-12-31T23:59:59.9999999+14:00", "-292277022657-01-27", "😀😀😀", "aaaaaaaaaaaa", "archive", "Cancel", "en",
        "zh-CN", "xx-YY",
        "ready", "name", "[]", "{}", new('x', 3000), new('é', 500), new('/', 50), new('.', 200),
    ];

    private static readonly string[] Parameters =
    [
        "page", "pageSize", "state", "sort", "q", "tag", "tags", "batch", "from", "to", "action", "culture", "returnUrl", "handler",
        "number",
        "text", "days", "since", "before", "path", "paths", "id", "view", "Number", "share", "delivery", "seconds", "name", "role",
        "picked",
    ];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Range", "bytes=0-"), ("Range", "bytes=-0"), ("Range", "items=0-9"), ("Range", "bytes=9-1,,-"), ("If-Range", "\"x"),
        ("If-None-Match", "*"),
        ("If-Match", "W/\"x\", \"y\""), ("If-Modified-Since", "yesterday"), ("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("Accept", "text/html"), ("Accept", "*/*;q=x"), ("Accept", "text/event-stream"), ("Accept-Language",
        "zh-Hans-CN-x-y-z;q=9,*;q=-1"),
        ("Accept-Encoding", "gzip;q=,br"), ("Cookie", "heygem.session=x; heygem.antiforgery=y; .AspNetCore.Culture=c=xx|uic=yy"),
        ("Cookie", "heygem.language=\u00ff; =; ;;"), ("Authorization", "Bearer hgx_x"), ("Authorization", "Basic eDp5"), ("Origin",
        "null"),
        ("Sec-Fetch-Site", "same-origin"), ("X-Live", "a b c"), ("X-Refresh", "1"), ("X-HTTP-Method-Override", "DELETE"),
        ("X-Forwarded-Host", "a b"), ("Content-Encoding", "gzip"), ("Expect", "something"), ("traceparent", "00-0-0-0"),
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json", "application/json; charset=utf-7", "application/json; charset=\"\"", "application/json;charset=gb18030",
        "application/json; charset=utf-16", "application/json; charset=x", "application/merge-patch+json", "text/plain; charset=utf-7",
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=\"\"",
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=\"" + "y\"", ";", "",
    ];

    private static readonly string[] Bodies =
    [
        "", "null", "{}", "[]", "{", "\"", "{\"selection\":null}", "{\"selection\":{\"all\":true,\"paths\":[null]},\"options\":null}",
        "{\"selection\":{\"paths\":[\"\\ud800\",\"\\u0000\",\"..\"]},\"options\":{\"maxPartBytes\":1e400}}",
        "{\"selection\":{\"query\":\"\\ufffe\"},\"options\":{\"name\":\"\\u202e/..\\u0000\"}}",
        "{\"paths\":[\"a.mp4\"],\"add\":[\"\\ufffe\",\"a;=x\"]}",
        "{\"batches\":[\"\"],\"remove\":[\"\\ud83d\"]}", "{\"name\":\"\\ud800\"}", "{\"days\":2147483648}",
        "{\"days\":-1,\"maxDownloads\":0}",
        "{\"destination\":\"\\u0000\",\"prefix\":\"../x\"}", "{\"number\":-5,\"seconds\":99999999}", "a=1&a=2&%=%&=",
        "Name=%ff%fe&Password=%00",
        "Form.Paths=..&Form.All=x&Paths=%ed%a0%80", "--x\r\nContent-Disposition: form-data; name=\"a\r\n\r\n", "\u0000\u0001", "\ufeff{}",
    ];

    private readonly HeldApp app = new();

    public async Task InitializeAsync()
    {
        app.AddVideo("批次一/课程.mp4");
        app.AddVideo("a.mp4", seed: 2);
        using var client = app.CreateClient();
        Texts[0] = await app.PackAsync(client);
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task No_input_is_the_servers_fault()
    {
        // The same input in each run, and other input for whoever asks for it.
        var seed = Number("HEYGEM_FUZZ_SEED") ?? 20261128;
        var random = new Random(seed);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = app.ClientOptions.BaseAddress,
        };
        List<string> wrong = [];
        for (var round = 0; round < (Number("HEYGEM_FUZZ_ROUNDS") ?? 2); round++)
        {
            foreach (var (route, method) in
                from route in app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern)
                    .Where(pattern => pattern.RawText?.Contains('.') != true || pattern.RawText.Contains('{'))
                    .DistinctBy(pattern => pattern.RawText)
                from method in Methods
                select (route, method))
            {
                using var request = Make(random, client.BaseAddress!, route, method);
                using var answer = await SendAsync(client, request);
                if ((int?)answer?.StatusCode >= 500)
                {
                    wrong.Add($"{(int)answer!.StatusCode} {request.ToString().ReplaceLineEndings(" ")}: "
                        + (request.Content is null ? "" : Convert.ToHexString(await request.Content.ReadAsByteArrayAsync())));
                }
            }
        }

        Assert.True(wrong.Count == 0, $"HEYGEM_FUZZ_SEED={seed}\n{string.Join('\n', wrong.Take(20))}");
    }

    /// <summary>A page that tried to read it as a form would lose its other parameters.</summary>
    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json")]
    public async Task Content_of_a_GET_changes_nothing(string contentType)
    {
        using var client = app.CreateClient();
        foreach (var path in new[] { "/watch/nothing", "/exports/aaaaaaaaaaaa", "/s/nothing" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Content = new ByteArrayContent([0x7b]) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            using var answer = await client.SendAsync(request);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static HttpRequestMessage Make(Random random, Uri server, RoutePattern route, string method)
    {
        var path = string.Join('/', route.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            _ => random.Next(3) == 0 ? "aaaaaaaaaaaa" : Escape(random, Pick(random, Texts)),
        }))));
        var query = string.Join('&', Enumerable.Range(0, random.Next(4)).Select(_ =>
            $"{Pick(random, Parameters)}={Escape(random, Pick(random, Texts))}"));
        var address = $"{server.GetLeftPart(UriPartial.Authority)}/{path}{(query.Length > 0 ? "?" : "")}{query}";
        var request = new HttpRequestMessage(
            new HttpMethod(method), new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        for (var count = random.Next(4); count > 0; count--)
        {
            var (name, value) = Pick(random, Headers);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (method is not ("GET" or "HEAD" or "TRACE") || random.Next(4) == 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Pick(random, Bodies)));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", Pick(random, ContentTypes));
        }

        return request;
    }

    private static string Escape(Random random, string text) => random.Next(5) switch
    {
        0 when text.All(character => char.IsAscii(character) && !char.IsControl(character) && character is not (' ' or '#' or '?')) => text,
        1 => string.Concat(Encoding.UTF8.GetBytes(text).Select(value => $"%{value:x2}")),
        2 => "%ff" + Uri.EscapeDataString(Valid(text)),
        _ => Uri.EscapeDataString(Valid(text)),
    };

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static T Pick<T>(Random random, T[] all) => all[random.Next(all.Length)];

    /// <summary>Null where the client refuses to send it, or the server closes the connection on it.</summary>
    private static async Task<HttpResponseMessage?> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (Exception refused) when (refused is HttpRequestException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}
