using System.Net;
using System.Net.Http.Json;
using HeyGemExport.Hosting;
using HeyGemExport.Shares;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Tests.Shares;

/// <summary>Settings of links.</summary>
public sealed class SharesOffTests
{
    [Fact]
    public async Task Switched_off_makes_no_links_and_opens_none()
    {
        using var folder = new TempFolder();
        string address;
        string id;
        await using (var on = new HeldApp(folder))
        {
            on.AddVideo("a.mp4");
            using var client = on.CreateClient();
            id = await on.PackAsync(client);
            address = (await client.ShareAsync(id)).Address();
        }

        await using var off = new HeldApp(folder);
        off.Settings["Shares:Enabled"] = "false";
        using var owner = off.CreateClient();
        using var stranger = off.Pipeline();
        using var refused = await owner.PostAsJsonAsync($"/api/v1/exports/{id}/shares", new { });

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task The_address_is_that_under_which_people_reach_the_app()
    {
        await using var app = new HeldApp();
        app.Settings["Http:PublicUrl"] = "https://videos.example.com/export/";
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();

        var share = await client.ShareAsync(await app.PackAsync(client));

        Assert.StartsWith("https://videos.example.com/export/s/", share.GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 0, "Shares:MaxDays")]
    [InlineData(0, 30, "Shares:DefaultDays")]
    [InlineData(31, 30, "Shares:DefaultDays")]
    public void Wrong_settings_are_named(int defaultDays, int maxDays, string key)
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var options = new ShareOptions { DefaultDays = defaultDays, MaxDays = maxDays };

        Assert.Contains(
            ValidatedOptions.Failures(ShareOptions.Section, options, services), failure =>
                failure.StartsWith(key, StringComparison.Ordinal));
    }
}
