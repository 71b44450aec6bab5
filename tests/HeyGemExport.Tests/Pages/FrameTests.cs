using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace HeyGemExport.Tests.Pages;

/// <summary>What all pages have in common: headers, languages, error pages.</summary>
public sealed class FrameTests : IDisposable
{
    private readonly ExportApp app = new();

    [Theory]
    [InlineData("/")]
    [InlineData("/exports")]
    [InlineData("/audit")]
    [InlineData("/nowhere")]
    public async Task Every_page_forbids_foreign_and_inline_code(string path)
    {
        using var visitor = await PageVisitor.OfAsync(app);
        await visitor.OpenAsync(path);
        var policy = visitor.Answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", visitor.Answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task What_a_page_links_to_is_there()
    {
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/");
        var addresses = page.QuerySelectorAll("link[href], script[src], header a[href]").Select(
            element => element.GetAttribute("href") ?? element.GetAttribute("src")!).ToList();
        Assert.Contains(addresses, address => address.EndsWith(".js", StringComparison.Ordinal));
        foreach (var address in addresses)
        {
            await visitor.OpenAsync(address);
            Assert.True(visitor.Answer.IsSuccessStatusCode, address);
        }
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/exports/aaaaaaaaaaaa")]
    [InlineData("/watch/gone.mp4")]
    [InlineData("/watch/..%2f..%2fetc/passwd")]
    public async Task A_person_who_is_lost_gets_a_page_in_their_language(string path)
    {
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, visitor.Answer.StatusCode);
        Assert.Equal("找不到页面", page.QuerySelector("h1")!.TextContent);
    }

    [Theory]
    [InlineData("/audit?from=0001-01-01&to=9999-12-31")]
    [InlineData("/audit?from=yesterday&action=nothing&page=-1")]
    [InlineData("/audit?page=2147483647")]
    [InlineData("/exports?page=2147483647")]
    [InlineData("/exports?page=x")]
    public async Task An_address_with_nonsense_still_shows_its_page(string path)
    {
        using var visitor = await PageVisitor.OfAsync(app);
        await visitor.OpenAsync(path);
        Assert.Equal(HttpStatusCode.OK, visitor.Answer.StatusCode);
    }

    [Fact]
    public async Task A_person_learns_of_a_fault_of_the_server_and_is_told_what_to_do()
    {
        using var visitor = await PageVisitor.OfAsync(app);
        await visitor.OpenAsync("/exports");
        foreach (var file in Directory.GetFiles(app.Data, "*.db*"))
        {
            await File.WriteAllBytesAsync(file, new byte[4096]);
        }

        var page = await visitor.OpenAsync("/exports");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, visitor.Answer.StatusCode);
        Assert.Equal("数据库暂时不可用", page.QuerySelector("h1")!.TextContent);
        Assert.StartsWith(
            "default-src 'self'", visitor.Answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_lost_gets_problem_details()
    {
        using var client = app.CreateClient();
        using var answer = await client.GetAsync("/api/v1/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("not-found", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_language_switch_remembers_and_returns()
    {
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/audit?action=export-ready");
        var switched = await visitor.OpenAsync(page.QuerySelector("a.language")!.GetAttribute("href")!);
        Assert.Equal("/audit?action=export-ready", visitor.Answer.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Equal("en", switched.DocumentElement.GetAttribute("lang"));
        Assert.Equal("en", (await visitor.OpenAsync("/")).DocumentElement.GetAttribute("lang"));
    }

    [Theory]
    [InlineData("https://example.com/")]
    [InlineData("//example.com")]
    [InlineData("/\\example.com")]
    public async Task The_language_switch_leads_nowhere_else(string returnUrl)
    {
        using var visitor = await PageVisitor.OfAsync(app);
        await visitor.OpenAsync($"/language?culture=en&returnUrl={Uri.EscapeDataString(returnUrl)}");
        Assert.Equal("/", visitor.Answer.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Equal("127.0.0.1", visitor.Answer.RequestMessage.RequestUri.Host);
    }

    [Theory]
    [InlineData("/?batch=中文", "/?batch=%E4%B8%AD%E6%96%87")]
    [InlineData("/?q=a b\u202E", "/?q=a%20b%E2%80%AE")]
    [InlineData("/?q=%E4%B8%AD", "/?q=%E4%B8%AD")]
    [InlineData("/?q=a\r\nSet-Cookie:b", "/")]
    public async Task The_language_switch_leads_back_to_any_address_of_the_app(string returnUrl, string location)
    {
        using var started = app.CreateClient();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = started.BaseAddress };
        var answer = await client.GetAsync(new Uri($"/language?culture=en&returnUrl={Uri.EscapeDataString(returnUrl)}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(location, answer.Headers.GetValues("Location").Single());
    }

    public void Dispose() => app.Dispose();
}
