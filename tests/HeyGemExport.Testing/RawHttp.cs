using System.Net.Sockets;
using System.Text;

namespace HeyGemExport.Testing;

/// <summary>Requests as they are written, which no client would send.</summary>
internal static class RawHttp
{
    /// <summary>The whole answer.</summary>
    public static Task<string> GetAsync(Uri server, string target) => SendAsync(
        server, Encoding.UTF8.GetBytes($"GET {target} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n\r\n"));

    /// <inheritdoc cref="GetAsync"/>
    public static async Task<string> SendAsync(Uri server, byte[] request)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, timeout.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(request, timeout.Token);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, timeout.Token);
        }
        catch (IOException)
        {
            // The server has closed the connection on what it had not read.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
