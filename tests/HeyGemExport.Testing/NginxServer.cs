using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace HeyGemExport.Testing;

/// <summary>nginx in front of an app, with the locations of <c>docs/operations.md</c>, on 127.0.0.1 and a free port.</summary>
internal sealed partial class NginxServer : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly int port = FreePort.Next();
    private Process process = null!;

    private NginxServer()
    {
    }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    /// <param name="archives">The folder that stands for <c>Exports:TempPath</c>.</param>
    public static Task<NginxServer> StartAsync(Uri app, string archives) =>
        StartAsync(server => server.Configuration(Documented(app, archives)));

    /// <summary>As somebody sets it up who knows nothing of the app: one line.</summary>
    public static Task<NginxServer> StartPlainAsync(Uri app) => StartAsync(server => server.Configuration(
        $"location / {{ proxy_pass {app.GetLeftPart(UriPartial.Authority)}; }}"));

    private static async Task<NginxServer> StartAsync(Func<NginxServer, string> configuration)
    {
        var server = new NginxServer();
        await File.WriteAllTextAsync(server.folder["nginx.conf"], configuration(server));
        server.process = Process.Start("nginx", ["-e", "stderr", "-p", server.folder.FullPath, "-c", server.folder["nginx.conf"]]);
        await Eventually.HoldsAsync(server.ListensAsync);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        process.Terminate();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Dispose();
    }

    private static string Documented(Uri app, string archives)
    {
        var documentation = File.ReadAllText(Path.Combine(SourceTree.Docs, "operations.md"));
        return string.Join('\n', Locations().Matches(documentation).Select(location => location.Value))
            .Replace("http://127.0.0.1:5080", app.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("/srv/heygem-export/temp", archives, StringComparison.Ordinal);
    }

    private string Configuration(string locations)
    {

        // Workers of a server that root has started are somebody else, who may not read the folders of tests.
        var user = Environment.IsPrivilegedProcess ? "user root;" : "";
        string[] kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        var folders = string.Join('\n', kinds.Select(kind => $"{kind}_temp_path {folder[kind]};"));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off;
            worker_processes 1;
            pid {{folder["pid"]}};
            {{user}}
            events { }
            http {
                access_log off;
                {{folders}}
                server {
                    listen 127.0.0.1:{{port}};
            {{locations}}
                }
            }
            """);
    }

    private async Task<bool> ListensAsync()
    {
        Assert.False(process.HasExited, "nginx ended; see its messages.");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(
        @"^    location /[a-z/]* \{$.*?^    \}$", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Locations();
}
