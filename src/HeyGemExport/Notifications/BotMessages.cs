using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HeyGemExport.Notifications;

/// <summary>Messages of group bots, each by its vendor's documentation.</summary>
internal static class BotMessages
{
    private const int MostWeComBytes = 4096;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>https://open.dingtalk.com/document/robots/custom-robot-access: timestamp (milliseconds) and sign in the query.</summary>
    public static OutgoingMessage DingTalk(NotificationTarget target, ChatMessage message, DateTimeOffset now)
    {
        var url = target.Url;
        if (target.Secret.Length > 0)
        {
            var timestamp = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            var sign = Sign(key: target.Secret, text: $"{timestamp}\n{target.Secret}");
            var query = $"{url.Query.TrimStart('?')}&timestamp={timestamp}&sign={Uri.EscapeDataString(sign)}".TrimStart('&');
            url = new UriBuilder(url) { Query = query }.Uri;
        }

        return Of(url, new { msgtype = "markdown", markdown = new { title = message.Title, text = Markdown(message, "\n\n") } });
    }

    /// <summary>https://developer.work.weixin.qq.com/document/path/91770: the address alone is the secret.</summary>
    public static OutgoingMessage WeCom(NotificationTarget target, ChatMessage message)
    {
        var content = Markdown(message, "\n");
        while (Encoding.UTF8.GetByteCount(content) > MostWeComBytes)
        {
            // A link at the end may go; half a character may not stay.
            content = content[..(content.Length * 9 / 10)];
            content = char.IsHighSurrogate(content[^1]) ? content[..^1] : content;
        }

        return Of(target.Url, new { msgtype = "markdown", markdown = new { content } });
    }

    /// <summary>https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: signed in the body; timestamp (seconds) and secret are
    /// the key, the text is empty.</summary>
    public static OutgoingMessage Feishu(NotificationTarget target, ChatMessage message, DateTimeOffset now)
    {
        List<object[]> lines = [.. message.Lines.Select(line => new object[] { new { tag = "text", text = Plain(line) } })];
        if (message.Link is var (text, url))
        {
            lines.Add([new { tag = "a", text, href = url }]);
        }

        var post = new { title = message.Title, content = lines };
        var content = new { post = target.Language.Name is "zh-CN" ? (object)new { zh_cn = post } : new { en_us = post } };
        if (target.Secret.Length == 0)
        {
            return Of(target.Url, new { msg_type = "post", content });
        }

        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return Of(target.Url, new { timestamp, sign = Sign(key: $"{timestamp}\n{target.Secret}", text: ""), msg_type = "post", content });
    }

    private static OutgoingMessage Of(Uri url, object body) => new(url, JsonSerializer.SerializeToUtf8Bytes(body, Json), []);

    private static string Sign(string key, string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));

    private static string Markdown(ChatMessage message, string lineBreak)
    {
        string[] link = message.Link is var (text, url) ? [$"[{text}]({url})"] : [];
        return string.Join(lineBreak, [$"**{message.Title}**", .. message.Lines.Select(line => "> " + Inert(line)), .. link]);
    }

    /// <summary>Names come from outside: none shall become a link or a mention. The vendors' markdown has no common escapes.</summary>
    private static string Inert(string line) => new([.. Plain(line).Select(letter => letter switch
    {
        '<' => '＜',
        '>' => '＞',
        '[' => '［',
        ']' => '］',
        '*' => '＊',
        '`' => '\'',
        '@' => '＠',
        _ => letter,
    })]);

    private static string Plain(string line) => new([.. line.Select(letter => char.IsControl(letter) ? ' ' : letter)]);
}
