using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp;
using HeyGemExport.Data;
using HeyGemExport.Tests.Shares;

namespace HeyGemExport.Tests.Pages;

/// <summary>Behind a proxy that has the app under a path: as a setting where it passes the path on, by its header where it does
/// not.</summary>
public sealed class PathBaseTests : IAsyncLifetime
{
    private const string Prefix = "/films";

    private static readonly string[] Attributes = ["href", "src", "action", "formaction", "data-api", "data-poster", "poster", "data-href"];

    private readonly HeldApp app = new();

    public PathBaseTests()
    {
        app.Settings["Http:PathBase"] = Prefix;
        app.Settings["Http:TrustedProxies"] = "127.0.0.1";
        app.Settings["Accounts:AllowOpenOnNetwork"] = "true";
    }

    public Task InitializeAsync()
    {
        app.AddVideo("批次一/a.mp4");
        app.StartServer();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_address_has_the_path(bool byHeader)
    {
        using var client = app.Pipeline();
        client.DefaultRequestHeaders.Add("Accept-Language", "en");
        if (byHeader)
        {
            client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
            client.DefaultRequestHeaders.Add("X-Forwarded-Prefix", Prefix);
        }

        var id = await PackAsync(client, byHeader ? "" : Prefix);
        using var shared = await client.PostAsJsonAsync(At($"/api/v1/exports/{id}/shares"), new { });
        var share = await shared.Content.ReadFromJsonAsync<JsonElement>();
        Assert.StartsWith(Prefix + "/s/", new Uri(share.GetProperty("url").GetString()!).AbsolutePath, StringComparison.Ordinal);
        string[] pages =
        [
            "/", "/?batch=批次一", "/exports", $"/exports/{id}", $"/exports/{id}/deliveries", "/ops", "/audit", "/verify", "/people/keys",
            "/watch/批次一/a.mp4", "/nowhere", share.Address()[Prefix.Length..],
        ];
        foreach (var page in byHeader ? pages : [.. pages, "/hangfire"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, At(page)) { Headers = { { "Accept", "text/html" } } };
            using var answer = await client.SendAsync(request);
            var document = await BrowsingContext.New(Configuration.Default).OpenAsync(
                response => response.Content(answer.Content.ReadAsStringAsync().GetAwaiter().GetResult()));
            var wrong = document.All.SelectMany(element => Attributes.Select(element.GetAttribute)).OfType<string>()
                .Where(address => address.StartsWith('/') && !$"{address}/".StartsWith(Prefix + "/", StringComparison.Ordinal));
            Assert.Empty(wrong.Select(address => $"{page}: {address}").Distinct());
        }

        string At(string path) => (byHeader ? "" : Prefix) + path;
    }

    [Fact]
    public async Task Redirects_and_new_addresses_have_it_too_and_can_be_followed()
    {
        using var client = app.Pipeline();

        using var language = await client.GetAsync(Prefix + "/language?culture=en&returnUrl=/exports");
        using var made = await client.PostAsJsonAsync(Prefix + "/api/v1/exports", new { selection = new { all = true } });
        var export = await made.Content.ReadFromJsonAsync<JsonElement>();
        await app.RunAsync(export.Id());
        var ready = await client.GetFromJsonAsync<JsonElement>(made.Headers.Location);
        var last = await client.LastEventAsync($"{Prefix}/api/v1/exports/{export.Id()}/events");

        Assert.Equal(HttpStatusCode.Redirect, language.StatusCode);
        Assert.StartsWith(Prefix + "/", language.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(Prefix + "/api/", made.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("ready", last.State());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(ready.GetProperty("downloadUrl").GetString())).StatusCode);
    }

    [Fact]
    public async Task The_dashboards_page_of_a_job_leads_to_its_export_under_the_path()
    {
        await using var working = new ExportApp();
        working.Settings["Http:PathBase"] = Prefix;
        working.AddVideo("a.mp4");
        using var client = working.CreateClient();
        using var made = await client.PostAsJsonAsync(Prefix + "/api/v1/exports", new { selection = new { all = true } });
        var id = await made.IdAsync();
        await client.LastEventAsync($"{Prefix}/api/v1/exports/{id}/events");
        var job = await working.Get<Database>().FirstAsync<string>("SELECT job_id FROM exports WHERE id = @id", new { id }, default);

        var page = await client.GetStringAsync($"{Prefix}/hangfire/jobs/details/{job}");

        Assert.Contains($"<a href=\"{Prefix}/exports/{id}\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_does_not_say_what_the_path_is()
    {
        await using var direct = new HeldApp().WithAccounts();
        using var client = direct.Pipeline();
        client.DefaultRequestHeaders.Add("X-Forwarded-Prefix", "/attacker");

        Assert.DoesNotContain("attacker", await client.GetStringAsync("/account/sign-in"), StringComparison.Ordinal);
    }

    private async Task<string> PackAsync(HttpClient client, string at)
    {
        using var made = await client.PostAsJsonAsync(at + "/api/v1/exports", new { selection = new { all = true } });
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).Id();
        await app.RunAsync(id);
        return id;
    }
}
