using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HeyGemExport.Bench;

/// <summary>nginx with <c>sendfile</c>, as one process, on a free port of 127.0.0.1.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private static readonly string[] TempFolders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

    private readonly Process process;

    private NginxServer(Process process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<NginxServer> StartAsync(string workFolder, string root, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var folder = Directory.CreateDirectory(Path.Combine(workFolder, "nginx")).FullName;
        var configuration = Path.Combine(folder, "nginx.conf");
        var folders = string.Join(' ', TempFolders.Select(kind => $"{kind}_temp_path {folder}/{kind};"));
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            daemon off;
            master_process off;
            pid {{folder}}/pid;
            events { }
            http {
                access_log off;
                sendfile on;
                tcp_nopush on;
                {{folders}}
                server { listen 127.0.0.1:{{port}}; root {{root}}; }
            }
            """);
        await File.WriteAllTextAsync(configuration, text, cancellationToken);
        var started = Process.Start("nginx", ["-e", "stderr", "-p", folder, "-c", configuration]);
        var server = new NginxServer(started, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
        await server.WaitAsync(port, cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        while (!client.Connected)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException("nginx ended; see its messages.");
            }

            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
        }
    }
}
