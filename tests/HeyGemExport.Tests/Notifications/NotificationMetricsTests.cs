using HeyGemExport.Notifications;
using HeyGemExport.Tests.Shares;
using HeyGemExport.Tests.Telemetry;
using Microsoft.AspNetCore.Http;

namespace HeyGemExport.Tests.Notifications;

/// <summary>What <c>/metrics</c> tells of notifications.</summary>
public sealed class NotificationMetricsTests
{
    [Fact]
    public async Task Figures_are_told_by_what_the_targets_speak()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = context.Request.Path == "/well" ? 200 : 500;
            return context.Response.WriteAsync("""{"errcode":0}""");
        };
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
        await using var app = new HeldApp { Time = time };
        app.Settings["Notifications:AllowPrivateAddresses"] = "true";
        app.Settings["Notifications:MaxAttempts"] = "2";
        foreach (var (name, kind, path) in new[] { ("one", "dingtalk", "/well"), ("two", "feishu", "/badly") })
        {
            app.Settings[$"Notifications:Targets:{name}:Kind"] = kind;
            app.Settings[$"Notifications:Targets:{name}:Url"] = receiver.Address + path;
        }

        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        await NotificationTest.TurnAsync(app);
        var before = await MetricsTests.ScrapeAsync(client);
        await app.PackAsync(client);
        await NotificationTest.TurnAsync(app);
        time.Advance(NotificationSender.PauseAfter(1));
        await NotificationTest.TurnAsync(app);
        var after = await MetricsTests.ScrapeAsync(client);

        Assert.Equal(
            (0d, 0d),
            (before["heygem_notifications_delivered_total{kind=\"dingtalk\"}"],
                before["heygem_notifications_failed_total{kind=\"feishu\"}"]));
        Assert.Equal((1d, 0d, 0d), Of("dingtalk"));
        Assert.Equal((0d, 1d, 1d), Of("feishu"));
        Assert.DoesNotContain(
            after.Keys,
            name => name.Contains(receiver.Address, StringComparison.Ordinal) || name.Contains("kind=\"wecom\"", StringComparison.Ordinal));

        (double Delivered, double Retried, double Failed) Of(string kind) =>
            (after[$"heygem_notifications_delivered_total{{kind=\"{kind}\"}}"],
                after[$"heygem_notifications_retried_total{{kind=\"{kind}\"}}"],
                after[$"heygem_notifications_failed_total{{kind=\"{kind}\"}}"]);
    }
}
