using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Data;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Tests.Shares;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Tests.Exports.Downloads;

/// <summary>Downloads that nginx sends, and those that it must not.</summary>
public sealed class AccelRedirectTests : IAsyncLifetime
{
    private readonly HeldApp app = new();
    private HttpClient client = null!;
    private string id = "";
    private byte[] archive = [];

    public AccelRedirectTests()
    {
        app.Settings["Downloads:AccelRedirect"] = "/archives/";
        app.Settings["Http:TrustedProxies"] = "127.0.0.1";
        app.Settings["Accounts:AllowOpenOnNetwork"] = "true";
    }

    private string Url => $"/exports/{id}/download";

    private string Tag { get; set; } = "";

    public async Task InitializeAsync()
    {
        app.AddVideo("a.mp4", 3_000_000);
        client = app.CreateClient();
        id = await app.PackAsync(client);
        archive = await File.ReadAllBytesAsync(Assert.Single(app.TempFiles));
        Tag = (await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Url))).Headers.ETag!.Tag;
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [ProgramFact("nginx")]
    public async Task Nginx_sends_the_archive_with_the_headers_of_the_app()
    {
        await using var nginx = await NginxServer.StartAsync(client.BaseAddress!, app.Temp);
        using var through = new HttpClient { BaseAddress = nginx.Address };
        using var direct = await client.GetAsync(Url);

        using var answer = await through.GetAsync(Url);

        Assert.Equal(archive, await answer.Content.ReadAsByteArrayAsync());
        foreach (var name in new[] { "ETag", "Repr-Digest", "Accept-Ranges", "Cache-Control", "X-Content-Type-Options", "Referrer-Policy" })
        {
            Assert.Equal(Assert.Single(direct.Headers.GetValues(name)), Assert.Single(answer.Headers.GetValues(name)));
        }

        foreach (var name in new[] { "Content-Type", "Content-Length", "Content-Disposition", "Last-Modified" })
        {
            Assert.Equal(Assert.Single(direct.Content.Headers.GetValues(name)), Assert.Single(answer.Content.Headers.GetValues(name)));
        }

        Assert.False(answer.Headers.Contains(AccelRedirect.Header));
        Assert.Contains(await client.AuditAsync("download-finished"), record => record.GetProperty("outcome").GetString() == "handed-over");
    }

    [ProgramFact("nginx")]
    public async Task Nginx_sends_the_ranges_that_the_app_would_send()
    {
        await using var nginx = await NginxServer.StartAsync(client.BaseAddress!, app.Temp);
        using var through = new HttpClient { BaseAddress = nginx.Address };

        using var range = await AskAsync(through, ("Range", "bytes=1000-1999"));
        using var resumed = await AskAsync(through, ("Range", "bytes=1000-"), ("If-Range", Tag));
        using var another = await AskAsync(through, ("Range", "bytes=1000-"), ("If-Range", "\"another\""));
        using var several = await AskAsync(through, ("Range", "bytes=0-1,5-6"));

        Assert.Equal(HttpStatusCode.PartialContent, range.StatusCode);
        Assert.Equal($"bytes 1000-1999/{archive.Length}", range.Content.Headers.ContentRange?.ToString());
        Assert.Equal(archive[1000..2000], await range.Content.ReadAsByteArrayAsync());
        Assert.Equal(archive[1000..], await resumed.Content.ReadAsByteArrayAsync());
        Assert.Equal(archive, await another.Content.ReadAsByteArrayAsync());
        Assert.Equal(archive, await several.Content.ReadAsByteArrayAsync());
    }

    [ProgramFact("nginx")]
    public async Task Conditions_are_answered_through_nginx_as_without_it()
    {
        await using var nginx = await NginxServer.StartAsync(client.BaseAddress!, app.Temp);
        using var through = new HttpClient { BaseAddress = nginx.Address };
        var now = TimeProvider.System.GetUtcNow().ToString("R");
        (string Name, string Value)[] conditions =
        [
            ("If-None-Match", Tag), ("If-None-Match", "\"another\""), ("If-Match", Tag), ("If-Match", "\"another\""),
            ("If-Modified-Since", now), ("If-Modified-Since", "Fri, 02 Jan 2026 03:04:06 GMT"), ("If-Unmodified-Since", now),
            ("Range", "bytes=999999999-"),
        ];
        foreach (var condition in conditions)
        {
            using var expected = await AskAsync(client, condition);
            using var answer = await AskAsync(through, condition);
            Assert.Equal((condition, expected.StatusCode), (condition, answer.StatusCode));
            Assert.Equal(await expected.Content.ReadAsByteArrayAsync(), await answer.Content.ReadAsByteArrayAsync());
        }

        using var head = await through.SendAsync(new HttpRequestMessage(HttpMethod.Head, Url));
        Assert.Equal(archive.Length, head.Content.Headers.ContentLength);
    }

    [ProgramFact("nginx")]
    public async Task Nginx_finds_a_file_with_blanks_percent_signs_and_Chinese_in_its_name()
    {
        var path = Path.Combine(app.Temp, "批次 100%25 #1?.zip");
        File.Move(Assert.Single(app.TempFiles), path);
        await app.Get<Database>()
            .ExecuteAsync("UPDATE export_parts SET path = @path, identity = NULL", new { path }, CancellationToken.None);
        await client.PutAsJsonAsync($"/api/v1{Url.Replace("/download", "/name", StringComparison.Ordinal)}", new { name = "批次 100%25" });
        await using var nginx = await NginxServer.StartAsync(client.BaseAddress!, app.Temp);
        using var through = new HttpClient { BaseAddress = nginx.Address };

        using var answer = await through.GetAsync(Url);

        Assert.Equal(archive, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("批次 100%25.zip", answer.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Contains(await client.AuditAsync("download-finished"), record => record.GetProperty("outcome").GetString() == "handed-over");
    }

    [Fact]
    public async Task Audits_what_was_handed_over_and_claims_no_bytes()
    {
        using var proxy = Forwarded();

        using var answer = await AskAsync(proxy, ("Range", "bytes=1000-1999"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var name = Path.GetFileName(Assert.Single(app.TempFiles));
        Assert.Equal("/archives/" + name, Assert.Single(answer.Headers.GetValues(AccelRedirect.Header)));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        var record = Assert.Single(await client.AuditAsync("download-finished"));
        Assert.Equal("handed-over", record.GetProperty("outcome").GetString());
        Assert.Equal(JsonValueKind.Null, record.GetProperty("bytes").ValueKind);
        Assert.StartsWith("bytes 1000-1999 handed over to the proxy; ", record.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains(id, await app.Get<DownloadLedger>().InterruptedSinceAsync(DateTimeOffset.UnixEpoch, CancellationToken.None));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("192.0.2.0/24", true)]
    public async Task Who_comes_without_the_proxy_gets_the_bytes_from_the_app(string trusted, bool forwarded)
    {
        app.LeaveData();
        await using var other = new HeldApp(app.Folder);
        foreach (var (key, value) in app.Settings)
        {
            other.Settings[key] = value;
        }

        other.Settings["Http:TrustedProxies"] = trusted;
        using var visitor = other.Pipeline();
        if (forwarded)
        {
            visitor.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        }

        using var answer = await visitor.GetAsync(Url);

        Assert.False(answer.Headers.Contains(AccelRedirect.Header));
        Assert.Equal(archive, await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_limited_link_counts_each_download_that_is_handed_over_from_its_first_byte()
    {
        var share = await client.ShareAsync(id, new { maxDownloads = 2 });
        using var proxy = Forwarded();
        var address = share.Address() + "/download";

        using var first = await AskAsync(proxy, address, ("Range", "bytes=0-99"));
        using var rest = await AskAsync(proxy, address, ("Range", "bytes=100-"));
        using var second = await AskAsync(proxy, address);
        using var third = await AskAsync(proxy, address);
        using var last = await AskAsync(proxy, address, ("Range", "bytes=100-"));

        Assert.Equal(
            [true, true, true, false, true],
            new[] { first, rest, second, third, last }.Select(answer => answer.Headers.Contains(AccelRedirect.Header)));
        Assert.Equal(HttpStatusCode.Gone, third.StatusCode);
    }

    [Theory]
    [InlineData("archives/", "127.0.0.1", "Downloads:AccelRedirect must be the URI")]
    [InlineData("/archives", "127.0.0.1", "Downloads:AccelRedirect must be the URI")]
    [InlineData("/a b/", "127.0.0.1", "Downloads:AccelRedirect must be the URI")]
    [InlineData("/archives/", "", "Downloads:AccelRedirect needs the address of nginx")]
    public void Names_the_key_of_a_setting_that_cannot_work(string prefix, string proxies, string message)
    {
        using var wrong = new ExportApp();
        wrong.Settings["Downloads:AccelRedirect"] = prefix;
        wrong.Settings["Http:TrustedProxies"] = proxies;

        var failure = Assert.Throws<OptionsValidationException>(() => wrong.CreateClient());

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    private HttpClient Forwarded()
    {
        var proxy = app.Pipeline();
        proxy.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7");
        return proxy;
    }

    private Task<HttpResponseMessage> AskAsync(HttpClient asking, params (string Name, string Value)[] headers) =>
        AskAsync(asking, Url, headers);

    private static async Task<HttpResponseMessage> AskAsync(
        HttpClient asking, string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await asking.SendAsync(request);
    }
}
