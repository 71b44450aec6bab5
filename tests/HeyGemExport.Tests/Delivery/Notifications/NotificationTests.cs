using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HeyGemExport.Delivery.Notifications;
using HeyGemExport.Tests.Delivery.Shares;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HeyGemExport.Tests.Delivery.Notifications;

/// <summary>What targets are told, over real HTTP; the clock stands still until a test moves it.</summary>
public sealed class NotificationTests : IAsyncLifetime
{
    private const string Secret = "SEC密钥-0123456789";

    private readonly ManualTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly TempFolder folder = new();
    private readonly List<HeldApp> apps = [];
    private Receiver receiver = null!;

    public async Task InitializeAsync() => receiver = await Receiver.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }

        await receiver.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_webhook_is_signed_over_its_timestamp_and_body()
    {
        var (app, client) = await StartAsync("webhook");
        var id = await app.PackAsync(client);
        await TurnAsync(app);

        var message = Assert.Single(receiver.Messages);
        var timestamp = message.Headers["X-HeyGem-Timestamp"];
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(Secret));
        var expected = hmac.ComputeHash(Encoding.UTF8.GetBytes(timestamp + "." + Encoding.UTF8.GetString(message.Body)));
        Assert.Equal("sha256=" + Convert.ToHexString(expected).ToLowerInvariant(), message.Headers["X-HeyGem-Signature"]);
        Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), timestamp);
        var body = JsonDocument.Parse(message.Body).RootElement;
        Assert.Equal(("export.ready", message.Headers["X-HeyGem-Delivery"]), (body.GetProperty("event").GetString(), body.GetProperty("id").GetString()));
        var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}");
        foreach (var member in new[] { "id", "state", "fileCount", "totalBytes", "archiveName", "archiveBytes", "archiveSha256" })
        {
            Assert.Equal(export.GetProperty(member).ToString(), body.GetProperty("export").GetProperty(member).ToString());
        }

        Assert.Equal("https://videos.example.com/exports/" + id, body.GetProperty("export").GetProperty("url").GetString());
    }

    [Fact]
    public async Task DingTalk_is_signed_in_the_query()
    {
        var (app, client) = await StartAsync("dingtalk", "/robot/send?access_token=abc");
        await app.PackAsync(client);
        await TurnAsync(app);

        var message = Assert.Single(receiver.Messages);
        var timestamp = message.Query["timestamp"];
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(Secret));
        Assert.Equal(Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes($"{timestamp}\n{Secret}"))), message.Query["sign"]);
        Assert.Equal(("abc", time.GetUtcNow().ToUnixTimeMilliseconds()), (message.Query["access_token"], long.Parse(timestamp, CultureInfo.InvariantCulture)));
        var body = JsonDocument.Parse(message.Body).RootElement;
        Assert.Equal("markdown", body.GetProperty("msgtype").GetString());
        Assert.Equal("✅ 打包完成", body.GetProperty("markdown").GetProperty("title").GetString());
        Assert.Contains("1 个文件", body.GetProperty("markdown").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feishu_is_signed_in_the_body()
    {
        var (app, client) = await StartAsync("feishu", "/open-apis/bot/v2/hook/abc", settings: ("Language", "en"));
        await app.PackAsync(client);
        await TurnAsync(app);

        var body = JsonDocument.Parse(Assert.Single(receiver.Messages).Body).RootElement;
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes($"{body.GetProperty("timestamp").GetString()}\n{Secret}"));
        Assert.Equal(Convert.ToBase64String(hmac.ComputeHash([])), body.GetProperty("sign").GetString());
        Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds(), long.Parse(body.GetProperty("timestamp").GetString()!, CultureInfo.InvariantCulture));
        var post = body.GetProperty("content").GetProperty("post").GetProperty("en_us");
        Assert.Equal(("post", "✅ Export ready"), (body.GetProperty("msg_type").GetString(), post.GetProperty("title").GetString()));
        Assert.Contains(post.GetProperty("content").EnumerateArray(), line => line[0].GetProperty("tag").GetString() == "a");
    }

    [Fact]
    public async Task WeCom_gets_markdown()
    {
        var (app, client) = await StartAsync("wecom", "/cgi-bin/webhook/send?key=abc", secret: "");
        await app.PackAsync(client);
        await TurnAsync(app);

        var body = JsonDocument.Parse(Assert.Single(receiver.Messages).Body).RootElement;
        Assert.Equal("markdown", body.GetProperty("msgtype").GetString());
        Assert.Contains("打包完成", body.GetProperty("markdown").GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_told_with_its_reason_and_a_retry_is_told_anew()
    {
        var (app, client) = await StartAsync("dingtalk");
        var id = await (await app.PostExportAsync(client, new { all = true })).IdAsync();
        File.Move(Path.Combine(app.Outputs, "a.mp4"), app.Folder["aside.mp4"]);
        await app.RunAsync(id);
        await TurnAsync(app);
        File.Move(app.Folder["aside.mp4"], Path.Combine(app.Outputs, "a.mp4"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"/api/v1/exports/{id}/retry", content: null)).StatusCode);
        await app.RunAsync(id);
        await TurnAsync(app);

        Assert.Equal(["❌ 打包失败", "✅ 打包完成"], receiver.Messages.Select(message => JsonDocument.Parse(message.Body).RootElement.GetProperty("markdown").GetProperty("title").GetString()));
        Assert.Contains("原因", Encoding.UTF8.GetString(receiver.Messages.First().Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_is_told_only_what_it_asks_for_and_only_once()
    {
        var (app, client) = await StartAsync("webhook", settings: ("Events", "failed"));
        await app.PackAsync(client);
        await TurnAsync(app);
        await TurnAsync(app);
        Assert.Empty(receiver.Messages);

        app.AddVideo("b/b.mp4", seed: 2);
        var id = await (await app.PostExportAsync(client, new { batches = new[] { "b" } })).IdAsync();
        File.Delete(Path.Combine(app.Outputs, "b", "b.mp4"));
        await app.RunAsync(id);
        for (var turn = 0; turn < 3; turn++)
        {
            await TurnAsync(app);
        }

        Assert.Equal("export.failed", Assert.Single(receiver.Messages).Headers["X-HeyGem-Event"]);
    }

    [Fact]
    public async Task What_fails_is_tried_again_with_growing_pauses_and_given_up_at_the_limit()
    {
        receiver.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var (app, client) = await StartAsync("webhook", settings: ("MaxAttempts", "4"));
        await app.PackAsync(client);
        await TurnAsync(app);
        for (var attempt = 1; attempt < 4; attempt++)
        {
            time.Advance(NotificationSender.PauseAfter(attempt) - TimeSpan.FromSeconds(1));
            await TurnAsync(app);
            Assert.Equal(attempt, receiver.Messages.Count);
            time.Advance(TimeSpan.FromSeconds(1));
            await TurnAsync(app);
            Assert.Equal(attempt + 1, receiver.Messages.Count);
        }

        time.Advance(TimeSpan.FromDays(1));
        await TurnAsync(app);

        Assert.Equal(4, receiver.Messages.Count);
        Assert.Single(receiver.Messages.Select(message => message.Headers["X-HeyGem-Delivery"]).Distinct());
        Assert.Equal(4, receiver.Messages.Select(message => message.Headers["X-HeyGem-Signature"]).Distinct().Count());
        var logged = (await client.GetFromJsonAsync<JsonElement>("/api/v1/notifications")).GetProperty("items")[0];
        Assert.Equal(("failed", 4, 500), (logged.State(), logged.GetProperty("attempts").GetInt32(), logged.GetProperty("status").GetInt32()));
        Assert.Single(await client.AuditAsync("notification-failed"));
    }

    [Fact]
    public async Task A_bot_that_refuses_with_200_is_tried_again()
    {
        var answers = new Queue<string>(["""{"errcode":310000,"errmsg":"sign not match"}""", """{"errcode":0,"errmsg":"ok"}"""]);
        receiver.Answer = context => context.Response.WriteAsync(answers.Dequeue());
        var (app, client) = await StartAsync("dingtalk");
        await app.PackAsync(client);
        await TurnAsync(app);
        Assert.Contains("310000 sign not match", await client.GetStringAsync("/api/v1/notifications"), StringComparison.Ordinal);

        time.Advance(NotificationSender.PauseAfter(1));
        await TurnAsync(app);

        Assert.Equal("delivered", (await client.GetFromJsonAsync<JsonElement>("/api/v1/notifications")).GetProperty("items")[0].State());
    }

    [Fact]
    public async Task What_a_process_did_not_live_to_tell_is_told_by_the_next()
    {
        var (first, client) = await StartAsync("webhook");
        await TurnAsync(first);
        await first.PackAsync(client);
        await first.DisposeAsync();
        Assert.Empty(receiver.Messages);

        var (second, _) = await StartAsync("webhook", turnsByHand: false);
        await Eventually.HoldsAsync(() => !receiver.Messages.IsEmpty);
        await TurnAsync(second);

        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task An_attempt_whose_process_died_is_made_again_after_its_pause()
    {
        var (app, client) = await StartAsync("webhook");
        await app.PackAsync(client);
        await app.Get<NotificationOutbox>().CollectAsync(default);
        var due = Assert.Single(await app.Get<NotificationStore>().DueAsync(10, default));
        Assert.True(await app.Get<NotificationStore>().ClaimAsync(due, time.GetUtcNow() + TimeSpan.FromSeconds(15), default));
        Assert.False(await app.Get<NotificationStore>().ClaimAsync(due, time.GetUtcNow(), default));
        await TurnAsync(app);
        Assert.Empty(receiver.Messages);

        time.Advance(TimeSpan.FromSeconds(15));
        await TurnAsync(app);

        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task What_ended_before_a_target_was_configured_is_none_of_its_business()
    {
        var (first, client) = await StartAsync(kind: null);
        await first.PackAsync(client);
        await first.DisposeAsync();
        time.Advance(TimeSpan.FromMinutes(1));

        var (second, _) = await StartAsync("webhook");
        await TurnAsync(second);

        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task A_private_address_is_refused_when_the_connection_is_made_and_redirects_are_not_followed()
    {
        var (app, client) = await StartAsync("webhook", settings: ("AllowPrivateAddresses", "false"));
        using var refused = await client.PostAsync("/api/v1/notifications/targets/ops/test", content: null);
        Assert.Equal("private-address", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("fault").GetString());
        Assert.Empty(receiver.Messages);
        await app.DisposeAsync();

        receiver.Answer = context =>
        {
            context.Response.Redirect(receiver.Address + "/elsewhere");
            return Task.CompletedTask;
        };
        var (_, other) = await StartAsync("webhook");
        using var redirected = await other.PostAsync("/api/v1/notifications/targets/ops/test", content: null);
        Assert.Equal("redirect", (await redirected.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("fault").GetString());
        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task An_answer_without_end_and_one_that_does_not_come_are_cut_off()
    {
        receiver.Answer = async context =>
        {
            var junk = new byte[64 << 10];
            for (var block = 0; block < 10_000 && !context.RequestAborted.IsCancellationRequested; block++)
            {
                await context.Response.Body.WriteAsync(junk, context.RequestAborted);
            }
        };
        var (app, client) = await StartAsync("dingtalk", settings: ("TimeoutSeconds", "1"));
        Assert.Equal("not-a-bot", await TestFaultAsync(client));

        receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal("timeout", await TestFaultAsync(client));
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Neither_address_nor_secret_is_shown_or_written_anywhere()
    {
        receiver.Answer = context => context.Response.WriteAsync($$"""{"errcode":1,"errmsg":"bad {{receiver.Address}}/robot/send?access_token=hush"}""");
        var (app, client) = await StartAsync("dingtalk", "/robot/send?access_token=hush");
        await app.PackAsync(client);
        await TurnAsync(app);
        await client.PostAsync("/api/v1/notifications/targets/ops/test", content: null);

        var shown = await client.GetStringAsync("/api/v1/notifications") + await client.GetStringAsync("/ops/notifications") + await client.GetStringAsync("/api/v1/audit");
        Assert.Contains("/…", shown, StringComparison.Ordinal);
        await app.DisposeAsync();
        var written = string.Concat(Directory.EnumerateFiles(app.Logs).Concat(Directory.EnumerateFiles(app.Data)).Select(file => Encoding.UTF8.GetString(File.ReadAllBytes(file))));
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

    /// <summary>One turn, as the worker makes it every few seconds.</summary>
    private static async Task TurnAsync(HeldApp app)
    {
        await app.Get<NotificationOutbox>().CollectAsync(default);
        await app.Get<NotificationSender>().SendDueAsync(default);
    }

    private async Task<(HeldApp App, HttpClient Client)> StartAsync(string? kind, string path = "/hook", string secret = Secret, bool turnsByHand = true, params (string Key, string Value)[] settings)
    {
        var app = new HeldApp(folder) { Time = time };
        apps.Add(app);
        app.Settings["Http:PublicUrl"] = "https://videos.example.com";
        if (kind is not null)
        {
            const string Target = "Notifications:Targets:ops:";
            app.Settings[Target + "Kind"] = kind;
            app.Settings[Target + "Url"] = (settings.Contains(("AllowPrivateAddresses", "false")) ? receiver.Address.Replace("http:", "https:", StringComparison.Ordinal) : receiver.Address) + path;
            app.Settings[Target + "Secret"] = secret;
            app.Settings["Notifications:AllowPrivateAddresses"] = "true";
            foreach (var (key, value) in settings)
            {
                app.Settings[(key is "MaxAttempts" or "TimeoutSeconds" ? "Notifications:" : Target) + key] = value;
            }
        }

        app.AddVideo("a.mp4", 100_000);
        var client = app.CreateClient();
        if (turnsByHand)
        {
            var worker = app.Services.GetServices<IHostedService>().OfType<NotificationWorker>().Single();
            await worker.StopAsync(default);

            // The first turn notes that the target is new.
            await app.Get<NotificationOutbox>().CollectAsync(default);
        }

        return (app, client);
    }
}
