using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace HeyGemExport.Notifications;

/// <summary>What became of one attempt.</summary>
/// <param name="Delivered">Whether the target took it.</param>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="Fault">Why not: a code of ours, or the code and the words of the bot. Never an address or a secret.</param>
internal sealed record AttemptResult(bool Delivered, int? Status, string? Fault);

/// <summary>Sends messages out, to public addresses unless the target says otherwise. The address is looked at when the connection is made,
/// on the very address that is connected to, so that a name that is resolved to another one later gains nothing; redirects are not
/// followed, and a proxy is not asked.</summary>
internal sealed class WebhookClient(IOptions<NotificationOptions> options) : IDisposable
{
    private const int MostAnswerBytes = 64 << 10;
    private const int MostFaultCharacters = 200;

    private readonly HttpClient open = Client(allowPrivate: true);
    private readonly HttpClient guarded = Client(allowPrivate: false);

    public void Dispose()
    {
        open.Dispose();
        guarded.Dispose();
    }

    internal async Task<AttemptResult> SendAsync(NotificationTarget target, OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, message.Url) { Content = new ByteArrayContent(message.Body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            foreach (var (name, value) in message.Headers)
            {
                request.Headers.Add(name, value);
            }

            using var answer = await (target.AllowsPrivateAddresses ? open : guarded).SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return await JudgeAsync(target, answer, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new AttemptResult(Delivered: false, Status: null, "timeout");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new AttemptResult(Delivered: false, Status: null, Reason(exception));
        }
    }

    private static HttpClient Client(bool allowPrivate)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = (context, token) => ConnectAsync(context.DnsEndPoint, allowPrivate, token),
        })
        {
            // Each attempt has a limit of its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("HeyGemExport");
        return client;
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, bool allowPrivate, CancellationToken cancellationToken)
    {
        var found = await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        var allowed = allowPrivate ? found : [.. found.Where(PublicAddress.Is)];
        if (allowed.Length == 0)
        {
            throw new PrivateAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A bot answers 200 also when it refuses, and says so in its body.</summary>
    private static async Task<AttemptResult> JudgeAsync(
        NotificationTarget target, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        if (!answer.IsSuccessStatusCode)
        {
            return new AttemptResult(Delivered: false, status, status is >= 300 and < 400 ? "redirect" : "status");
        }

        if (target.Kind == TargetKind.Webhook)
        {
            return new AttemptResult(Delivered: true, status, Fault: null);
        }

        var fault = BotFault(await ReadAsync(answer.Content, cancellationToken));
        return new AttemptResult(fault is null, status, fault?.Replace(target.Url.AbsoluteUri, target.MaskedUrl, StringComparison.Ordinal));
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MostAnswerBytes];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..read];
    }

    /// <summary>DingTalk and WeCom: <c>errcode</c>, <c>errmsg</c>; Feishu: <c>code</c>, <c>msg</c>, formerly <c>StatusCode</c>.</summary>
    private static string? BotFault(byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            foreach (var (code, words) in new[] { ("errcode", "errmsg"), ("code", "msg"), ("StatusCode", "StatusMessage") })
            {
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(code, out var number)
                    && number.TryGetInt64(out var value))
                {
                    return value == 0
                        ? null
                        : Shorten($"{value} {(json.RootElement.TryGetProperty(words, out var text) ? text.ToString() : "")}");
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Said below.
        }

        return "not-a-bot";
    }

    private static string Reason(Exception exception) => (exception, exception.InnerException) switch
    {
        (PrivateAddressException, _) or (_, PrivateAddressException) => "private-address",
        (HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }, _)
            or (_, SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }) =>
            "unknown-host",
        (HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }, _) => "tls",
        _ => "no-connection",
    };

    private static string Shorten(string text)
    {
        var plain = new string([.. text.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        return plain.Length <= MostFaultCharacters ? plain : plain[..MostFaultCharacters];
    }

    private sealed class PrivateAddressException() : IOException("The target is not at a public address.");
}
