using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Data;

namespace HeyGemExport.Tests.Exports.Downloads;

/// <summary>Whose downloads they are where nobody signs in. Each client has cookies of its own, and all come from one address.</summary>
public sealed class DownloadHistoryTests : IAsyncLifetime
{
    private readonly ExportApp app = new();
    private int downloads;

    public Task InitializeAsync()
    {
        app.AddVideo("a.mp4");
        app.AddVideo("b.mp4", seed: 2);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Browsers_at_one_address_are_told_apart()
    {
        using var one = await BrowseAsync();
        using var other = await BrowseAsync();

        await DownloadAllAsync(one);

        Assert.Equal(0, await CountNewAsync(one));
        Assert.Equal(2, await CountNewAsync(other));
    }

    [Fact]
    public async Task What_a_program_downloaded_from_the_same_address_counts_for_a_browser_there()
    {
        using var program = app.CreateClient();
        using var browser = await BrowseAsync();

        await DownloadAllAsync(program);

        Assert.Equal(0, await CountNewAsync(browser));
        Assert.Equal(0, await CountNewAsync(program));
    }

    [Fact]
    public async Task What_a_person_downloads_meanwhile_counts_at_once_and_a_deleted_record_no_longer()
    {
        using var browser = await BrowseAsync();
        await DownloadAllAsync(browser);
        app.AddVideo("c.mp4", seed: 3);
        Assert.Equal(1, await CountNewAsync(browser));

        await DownloadAllAsync(browser);
        Assert.Equal(0, await CountNewAsync(browser));

        await app.Get<Database>().ExecuteAsync("DELETE FROM exports", parameters: null, CancellationToken.None);
        Assert.Equal(3, await CountNewAsync(browser));
    }

    [Fact]
    public async Task Only_pages_give_a_browser_its_cookie_and_each_page_renews_it()
    {
        using var client = app.CreateClient();

        Assert.Null(await CookieOfAsync(client, "/api/v1/videos", "*/*"));
        Assert.Null(await CookieOfAsync(client, "/css/base.css", "text/css"));
        var first = await CookieOfAsync(client, "/", "text/html");
        var second = await CookieOfAsync(client, "/exports", "text/html");

        Assert.Matches("^heygem.browser=[0-9a-f]{32}; max-age=34560000; path=/; samesite=lax; httponly$", first);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task A_cookie_of_another_form_is_replaced()
    {
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Add("Cookie", "heygem.browser=127.0.0.1");

        Assert.Matches("^heygem.browser=[0-9a-f]{32};", await CookieOfAsync(client, "/", "text/html"));
    }

    [Fact]
    public void People_with_a_name_are_told_apart_by_it_alone() =>
        Assert.Equal("192.0.2.7", new Caller("王老师", "192.0.2.7").Device);

    private async Task<HttpClient> BrowseAsync()
    {
        var client = app.CreateClient();
        await CookieOfAsync(client, "/", "text/html");
        return client;
    }

    private static async Task<string?> CookieOfAsync(HttpClient client, string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var response = await client.SendAsync(request);
        return response.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? cookies.SingleOrDefault(cookie => cookie.StartsWith("heygem.browser", StringComparison.Ordinal))
            : null;
    }

    private async Task DownloadAllAsync(HttpClient client)
    {
        var export = await app.ExportAsync(client, new { all = true });
        await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString());
        downloads++;
        await Eventually.HoldsAsync(async () => (await client.AuditAsync(AuditActions.DownloadFinished)).Count == downloads);
    }

    private static async Task<int> CountNewAsync(HttpClient client)
    {
        using var response = await client.PostAsJsonAsync(
            "/api/v1/exports/preview", new { selection = new { all = true, newOnly = true } });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("fileCount").GetInt32();
    }
}
