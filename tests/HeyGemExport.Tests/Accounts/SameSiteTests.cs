using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Tests.Pages;

namespace HeyGemExport.Tests.Accounts;

/// <summary>What pages of other sites can make a browser do with its cookies.</summary>
public sealed class SameSiteTests : IAsyncLifetime
{
    private readonly HeldApp app = new HeldApp().WithAccounts();
    private PageVisitor person = null!;

    public async Task InitializeAsync()
    {
        app.AddVideo("a.mp4");
        person = await app.SignInNewAsync("somebody");
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.Accepted)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.Accepted)]
    [InlineData("Origin", "https://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "self", HttpStatusCode.Accepted)]
    [InlineData("X-Nothing", "at all", HttpStatusCode.Accepted)]
    public async Task A_change_with_a_cookie_comes_from_the_apps_own_pages(string header, string value, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/api/v1/exports") { Content = JsonContent.Create(new { selection = new { all = true } }) };
        request.Headers.Add(header, value == "self" ? app.ClientOptions.BaseAddress.GetLeftPart(UriPartial.Authority) : value);

        Assert.Equal(expected, (await person.AskAsync(request)).StatusCode);
    }

    [Fact]
    public async Task The_sign_in_form_of_another_site_signs_nobody_in()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/sign-in")
        {
            Content = new FormUrlEncodedContent([new("Name", "somebody"), new("Password", AccountsApp.Password)]),
        };
        using var client = app.Pipeline();

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Every_form_of_the_pages_needs_its_token()
    {
        foreach (
            var address in new[] { "/account/sign-out", "/account/password", "/exports?handler=Cancel", "/exports/confirm?handler=Pack" })
        {
            await person.PostAsync(address);
            Assert.Equal((address, HttpStatusCode.BadRequest), (address, person.Answer.StatusCode));
        }

        using var boss = await app.SignInNewAsync("boss", Roles.Admin);
        foreach (
            var address in new[] { "/people?handler=Add", "/people?handler=Role", "/people?handler=Reset", "/people?handler=Disable",
            "/people?handler=Enable", "/people/keys?handler=Add", "/people/keys?handler=Revoke" })
        {
            await boss.PostAsync(address, ("name", "somebody"), ("role", Roles.Admin));
            Assert.Equal((address, HttpStatusCode.BadRequest), (address, boss.Answer.StatusCode));
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        using var body = new StringContent(
            $$"""{ "selection": { "query": "{{new string('x', 1 << 20)}}" } }""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await person.AskAsync(HttpMethod.Post, "/api/v1/exports", body);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("too-large", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Error_pages_and_problems_carry_the_id_that_the_log_knows()
    {
        var page = await person.OpenAsync("/nowhere");
        using var problem = await person.AskAsync(HttpMethod.Get, "/api/v1/nowhere");

        Assert.False(string.IsNullOrWhiteSpace(page.QuerySelector(".fault code")?.TextContent));
        Assert.False(
            string.IsNullOrWhiteSpace((await problem.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("traceId").GetString()));
    }

    [Fact]
    public async Task A_role_that_is_not_enough_gets_a_page_that_says_so()
    {
        var page = await person.OpenAsync("/people");

        Assert.Equal(HttpStatusCode.Forbidden, person.Answer.StatusCode);
        Assert.Equal("Not for this account", page.QuerySelector("h1")!.TextContent);
    }
}
