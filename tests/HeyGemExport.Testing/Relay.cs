using System.Net;
using System.Net.Sockets;

namespace HeyGemExport.Testing;

/// <summary>Stands between clients and a server that is restarted, at an address that stays, and lets through no more of the server's
/// answers than the test says: a client that is only slowed down has got everything before a busy machine comes to kill the
/// server.</summary>
public sealed class Relay : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Lock gate = new();
    private CancellationTokenSource cut = new();
    private TaskCompletionSource used = new();
    private Uri? server;
    private long left;

    public Relay()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://{listener.LocalEndpoint}");

    /// <returns>Ends when so many bytes have gone through; what comes after them is held.</returns>
    public Task Open(Uri server, long bytes = long.MaxValue)
    {
        lock (gate)
        {
            (this.server, left, used) = (server, bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return used.Task;
        }
    }

    /// <summary>Ends all connections, as the end of the server does, but before anything that was held arrives.</summary>
    public async Task CutAsync()
    {
        await cut.CancelAsync();
        cut.Dispose();
        cut = new CancellationTokenSource();
    }

    public void Dispose()
    {
        listener.Dispose();
        cut.Cancel();
        cut.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptTcpClientAsync(), cut.Token);
            }
        }
        catch (SocketException)
        {
            // The listener is disposed.
        }
    }

    private async Task RelayAsync(TcpClient client, CancellationToken cut)
    {
        using var upstream = new TcpClient();
        using (client)
        {
            try
            {
                await upstream.ConnectAsync(IPAddress.Loopback, server!.Port, cut);
                await await Task.WhenAny(
                    client.GetStream().CopyToAsync(upstream.GetStream(), cut), AnswerAsync(upstream.GetStream(), client.GetStream(), cut));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One of the two has gone.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream answers, NetworkStream client, CancellationToken cut)
    {
        var buffer = new byte[64 << 10];
        for (int read; (read = await answers.ReadAsync(buffer, cut)) > 0;)
        {
            var allowed = Take(read);
            await client.WriteAsync(buffer.AsMemory(0, allowed), cut);
            if (allowed < read)
            {
                await Task.Delay(Timeout.Infinite, cut);
            }
        }
    }

    private int Take(int count)
    {
        lock (gate)
        {
            var allowed = (int)Math.Min(count, left);
            left -= allowed;
            if (left == 0)
            {
                used.TrySetResult();
            }

            return allowed;
        }
    }
}
