using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HeyGemExport.Tests.Shares;
using Microsoft.AspNetCore.Http;

namespace HeyGemExport.Tests.Notifications;

/// <summary>Targets that would do harm, and what nobody may read.</summary>
public sealed class NotificationSafetyTests : NotificationTest
{
    [Fact]
    public async Task A_private_address_is_refused_when_the_connection_is_made_and_redirects_are_not_followed()
    {
        var (app, client) = await StartAsync("webhook", settings: ("AllowPrivateAddresses", "false"));
        using var refused = await client.PostAsync("/api/v1/notifications/targets/ops/test", content: null);
        Assert.Equal("private-address", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("fault").GetString());
        Assert.Empty(Receiver.Messages);
        await app.DisposeAsync();

        Receiver.Answer = context =>
        {
            context.Response.Redirect(Receiver.Address + "/elsewhere");
            return Task.CompletedTask;
        };
        var (_, other) = await StartAsync("webhook");
        using var redirected = await other.PostAsync("/api/v1/notifications/targets/ops/test", content: null);
        Assert.Equal("redirect", (await redirected.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("fault").GetString());
        Assert.Single(Receiver.Messages);
    }

    [Fact]
    public async Task An_answer_without_end_and_one_that_does_not_come_are_cut_off()
    {
        Receiver.Answer = async context =>
        {
            var junk = new byte[64 << 10];
            for (var block = 0; block < 10_000 && !context.RequestAborted.IsCancellationRequested; block++)
            {
                await context.Response.Body.WriteAsync(junk, context.RequestAborted);
            }
        };
        var (app, client) = await StartAsync("dingtalk", settings: ("TimeoutSeconds", "1"));
        Assert.Equal("not-a-bot", await TestFaultAsync(client));

        Receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal("timeout", await TestFaultAsync(client));
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Neither_address_nor_secret_is_shown_or_written_anywhere()
    {
        Receiver.Answer = context => context.Response.WriteAsync(
            $$"""{"errcode":1,"errmsg":"bad {{Receiver.Address}}/robot/send?access_token=hush"}""");
        var (app, client) = await StartAsync("dingtalk", "/robot/send?access_token=hush");
        await app.PackAsync(client);
        await TurnAsync(app);
        await client.PostAsync("/api/v1/notifications/targets/ops/test", content: null);

        var shown = await client.GetStringAsync("/api/v1/notifications") + await client.GetStringAsync(
            "/ops/notifications") + await client.GetStringAsync("/api/v1/audit");
        Assert.Contains("/…", shown, StringComparison.Ordinal);
        await app.DisposeAsync();
        var written = string.Concat(
            Directory.EnumerateFiles(app.Logs).Concat(Directory.EnumerateFiles(app.Data, "*.db*"))
                .Select(file => Encoding.UTF8.GetString(File.ReadAllBytes(file))));
        Assert.Contains("sha256", written, StringComparison.Ordinal);
        foreach (var secret in new[] { "hush", Secret })
        {
            Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, written, StringComparison.Ordinal);
        }
    }

    private static async Task<string?> TestFaultAsync(HttpClient client)
    {
        using var answer = await client.PostAsync("/api/v1/notifications/targets/ops/test", content: null);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("fault").GetString();
    }
}
