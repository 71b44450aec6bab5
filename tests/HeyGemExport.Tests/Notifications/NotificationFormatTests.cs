using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HeyGemExport.Tests.Shares;

namespace HeyGemExport.Tests.Notifications;

/// <summary>What each kind of target is sent, and how it is signed.</summary>
public sealed class NotificationFormatTests : NotificationTest
{
    [Fact]
    public async Task A_webhook_is_signed_over_its_timestamp_and_body()
    {
        var (app, client) = await StartAsync("webhook");
        var id = await app.PackAsync(client);
        await TurnAsync(app);

        var message = Assert.Single(Receiver.Messages);
        var timestamp = message.Headers["X-HeyGem-Timestamp"];
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(Secret));
        var expected = hmac.ComputeHash(Encoding.UTF8.GetBytes(timestamp + "." + Encoding.UTF8.GetString(message.Body)));
        Assert.Equal("sha256=" + Convert.ToHexString(expected).ToLowerInvariant(), message.Headers["X-HeyGem-Signature"]);
        Assert.Equal(Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), timestamp);
        var body = JsonDocument.Parse(message.Body).RootElement;
        Assert.Equal(
            ("export.ready", message.Headers["X-HeyGem-Delivery"]),
            (body.GetProperty("event").GetString(), body.GetProperty("id").GetString()));
        var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}");
        foreach (var member in new[] { "id", "state", "fileCount", "totalBytes", "archiveName", "archiveBytes" })
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

        var message = Assert.Single(Receiver.Messages);
        var timestamp = message.Query["timestamp"];
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(Secret));
        Assert.Equal(Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes($"{timestamp}\n{Secret}"))), message.Query["sign"]);
        Assert.Equal(
            ("abc", Time.GetUtcNow().ToUnixTimeMilliseconds()),
            (message.Query["access_token"], long.Parse(timestamp, CultureInfo.InvariantCulture)));
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

        var body = JsonDocument.Parse(Assert.Single(Receiver.Messages).Body).RootElement;
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes($"{body.GetProperty("timestamp").GetString()}\n{Secret}"));
        Assert.Equal(Convert.ToBase64String(hmac.ComputeHash([])), body.GetProperty("sign").GetString());
        Assert.Equal(
            Time.GetUtcNow().ToUnixTimeSeconds(), long.Parse(body.GetProperty("timestamp").GetString()!, CultureInfo.InvariantCulture));
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

        var body = JsonDocument.Parse(Assert.Single(Receiver.Messages).Body).RootElement;
        Assert.Equal("markdown", body.GetProperty("msgtype").GetString());
        Assert.Contains("打包完成", body.GetProperty("markdown").GetProperty("content").GetString(), StringComparison.Ordinal);
    }
}
