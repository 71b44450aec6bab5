using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HeyGemExport.Notifications;
using HeyGemExport.Tests.Shares;
using Microsoft.AspNetCore.Http;

namespace HeyGemExport.Tests.Notifications;

/// <summary>When targets are told, how often, and what survives a restart.</summary>
public sealed class NotificationTests : NotificationTest
{
    [Fact]
    public async Task A_failure_is_told_with_its_reason_and_a_retry_is_told_anew()
    {
        var (app, client) = await StartAsync("dingtalk");
        var id = await (await app.PostExportAsync(client, new { all = true })).IdAsync();
        File.Move(Path.Combine(app.Outputs, "a.mp4"), app.Folder["aside.mp4"]);
        await app.RunAsync(id);
        await TurnAsync(app);
        File.Move(app.Folder["aside.mp4"], Path.Combine(app.Outputs, "a.mp4"));
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"/api/v1/exports/{id}/retry", content: null)).StatusCode);
        await app.RunAsync(id);
        await TurnAsync(app);

        Assert.Equal(
            ["❌ 打包失败", "✅ 打包完成"],
            Receiver.Messages.Select(message => JsonDocument.Parse(message.Body).RootElement.GetProperty("markdown").GetProperty("title")
                .GetString()));
        Assert.Contains("原因", Encoding.UTF8.GetString(Receiver.Messages.First().Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_is_told_only_what_it_asks_for_and_only_once()
    {
        var (app, client) = await StartAsync("webhook", settings: ("Events", "failed"));
        await app.PackAsync(client);
        await TurnAsync(app);
        await TurnAsync(app);
        Assert.Empty(Receiver.Messages);

        app.AddVideo("b/b.mp4", seed: 2);
        var id = await (await app.PostExportAsync(client, new { batches = new[] { "b" } })).IdAsync();
        File.Delete(Path.Combine(app.Outputs, "b", "b.mp4"));
        await app.RunAsync(id);
        for (var turn = 0; turn < 3; turn++)
        {
            await TurnAsync(app);
        }

        Assert.Equal("export.failed", Assert.Single(Receiver.Messages).Headers["X-HeyGem-Event"]);
    }

    [Fact]
    public async Task What_fails_is_tried_again_with_growing_pauses_and_given_up_at_the_limit()
    {
        Receiver.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var (app, client) = await StartAsync("webhook", settings: ("MaxAttempts", "4"));
        await app.PackAsync(client);
        await TurnAsync(app);
        for (var attempt = 1; attempt < 4; attempt++)
        {
            Time.Advance(NotificationSender.PauseAfter(attempt) - TimeSpan.FromSeconds(1));
            await TurnAsync(app);
            Assert.Equal(attempt, Receiver.Messages.Count);
            Time.Advance(TimeSpan.FromSeconds(1));
            await TurnAsync(app);
            Assert.Equal(attempt + 1, Receiver.Messages.Count);
        }

        Time.Advance(TimeSpan.FromDays(1));
        await TurnAsync(app);

        Assert.Equal(4, Receiver.Messages.Count);
        Assert.Single(Receiver.Messages.Select(message => message.Headers["X-HeyGem-Delivery"]).Distinct());
        Assert.Equal(4, Receiver.Messages.Select(message => message.Headers["X-HeyGem-Signature"]).Distinct().Count());
        var logged = (await client.GetFromJsonAsync<JsonElement>("/api/v1/notifications")).GetProperty("items")[0];
        Assert.Equal(
            ("failed", 4, 500), (logged.State(), logged.GetProperty("attempts").GetInt32(), logged.GetProperty("status").GetInt32()));
        Assert.Single(await client.AuditAsync("notification-failed"));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_delays_no_attempt_and_hides_no_end()
    {
        var answers = new Queue<int>([500, 200, 200]);
        Receiver.Answer = context =>
        {
            context.Response.StatusCode = answers.Dequeue();
            return Task.CompletedTask;
        };
        var (app, client) = await StartAsync("webhook");
        Time.Advance(TimeSpan.FromHours(2));
        await app.PackAsync(client);
        await TurnAsync(app);

        Time.AdjustTime(Time.GetUtcNow() - TimeSpan.FromDays(1));
        await TurnAsync(app);
        Assert.Equal(2, Receiver.Messages.Count);

        app.AddVideo("b.mp4");
        await app.PackAsync(client);
        await TurnAsync(app);
        Assert.Equal(3, Receiver.Messages.Count);
    }

    [Fact]
    public async Task A_bot_that_refuses_with_200_is_tried_again()
    {
        var answers = new Queue<string>(["""{"errcode":310000,"errmsg":"sign not match"}""", """{"errcode":0,"errmsg":"ok"}"""]);
        Receiver.Answer = context => context.Response.WriteAsync(answers.Dequeue());
        var (app, client) = await StartAsync("dingtalk");
        await app.PackAsync(client);
        await TurnAsync(app);
        Assert.Contains("310000 sign not match", await client.GetStringAsync("/api/v1/notifications"), StringComparison.Ordinal);

        Time.Advance(NotificationSender.PauseAfter(1));
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
        Assert.Empty(Receiver.Messages);

        var second = StartEngine("webhook");
        await Eventually.HoldsAsync(() => !Receiver.Messages.IsEmpty);
        await TurnAsync(second);

        Assert.Single(Receiver.Messages);
    }

    [Fact]
    public async Task An_attempt_whose_process_died_is_made_again_after_its_pause()
    {
        var (app, client) = await StartAsync("webhook");
        await app.PackAsync(client);
        await app.Get<NotificationOutbox>().CollectAsync(default);
        var due = Assert.Single(await app.Get<NotificationStore>().DueAsync(10, default));
        Assert.True(await app.Get<NotificationStore>().ClaimAsync(due, Time.GetUtcNow() + TimeSpan.FromSeconds(15), default));
        Assert.False(await app.Get<NotificationStore>().ClaimAsync(due, Time.GetUtcNow(), default));
        await TurnAsync(app);
        Assert.Empty(Receiver.Messages);

        Time.Advance(TimeSpan.FromSeconds(15));
        await TurnAsync(app);

        Assert.Single(Receiver.Messages);
    }

    [Fact]
    public async Task What_ended_before_a_target_was_configured_is_none_of_its_business()
    {
        var (first, client) = await StartAsync(kind: null);
        await first.PackAsync(client);
        await first.DisposeAsync();
        Time.Advance(TimeSpan.FromMinutes(1));

        var (second, _) = await StartAsync("webhook");
        await TurnAsync(second);

        Assert.Empty(Receiver.Messages);
    }
}
