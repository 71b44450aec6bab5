using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Tests.Faults;

/// <summary>Clients that go, clients that are slow, and a server that stops under them.</summary>
public sealed class DownloadFaultTests : IDisposable
{
    // A container engine kills ten seconds after it has asked; a service manager waits longer.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_client_that_goes_in_the_middle_leaves_no_open_file_and_is_audited_with_what_it_got()
    {
        Clips.WriteSparseMp4(folder["outputs", "a.mp4"], 100L << 20);
        await using var server = await ServerProcess.StartAsync(folder);
        var url = await ReadyAsync(server.Client);
        await using (var body = await server.Client.GetStreamAsync(url))
        {
            await body.ReadExactlyAsync(new byte[100_000]);
            Assert.Contains(server.OpenFiles, file => file.EndsWith(".zip", StringComparison.Ordinal));
        }

        await Eventually.HoldsAsync(() => !server.OpenFiles.Any(file => file.EndsWith(".zip", StringComparison.Ordinal)));
        var finished = await Eventually.FindAsync(async () =>
        {
            var audit = await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=download-finished");
            return audit.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()).FirstOrDefault();
        });
        var record = JsonDocument.Parse(finished).RootElement;
        Assert.Equal("partial", record.GetProperty("outcome").GetString());
        Assert.InRange(record.GetProperty("bytes").GetInt64(), 100_000, (100L << 20) - 1);
        await Aftermath.NextExportWorksAsync(server.Client, folder);
    }

    [Fact]
    public async Task Clients_that_read_no_further_take_little_memory_each()
    {
        const int Clients = 500;
        Clips.WriteSparseMp4(folder["outputs", "a.mp4"], 100L << 20);
        await using var server = await ServerProcess.StartAsync(folder);
        var url = await ReadyAsync(server.Client);
        var before = server.PeakMegabytes;
        var sockets = Enumerable.Range(0, Clients)
            .Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 << 10 }).ToList();
        try
        {
            foreach (var socket in sockets)
            {
                await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
                await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {url} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
            }

            foreach (var socket in sockets)
            {
                Assert.NotEqual(0, await socket.ReceiveAsync(new byte[1000]));
            }

            Assert.InRange(server.PeakMegabytes - before, 0, Clients / 2);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task A_client_below_the_servers_least_rate_is_not_cut_off()
    {
        const int length = 8 << 20;
        await using var app = new StrictApp(folder);
        app.AddVideo("a.mp4", length);
        using var client = app.CreateClient();
        var url = await ReadyAsync(client);

        // The control: the rate really is in force, so that who is spared is spared by us.
        Assert.False(await ReadsSlowlyToTheEndAsync(client.BaseAddress!, "/videos/a.mp4"), "The least rate did not bite.");
        Assert.True(await ReadsSlowlyToTheEndAsync(client.BaseAddress!, url), "A slow client was cut off.");
    }

    [Fact]
    public async Task A_stop_during_a_build_under_a_watching_page_keeps_the_grace_period_and_the_next_start_carries_on()
    {
        string id;
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            id = await Aftermath.BuildingAsync(server.Client, folder);
            await using var watching = await server.Client.GetStreamAsync($"/api/v1/exports/{id}/events");
            var clock = Stopwatch.StartNew();
            Assert.Equal(0, await server.StopAsync());
            Assert.True(clock.Elapsed < Grace, $"The stop took {clock.Elapsed}.");
        }

        Aftermath.NothingIsLeft(folder);
        await using var next = await ServerProcess.StartAsync(folder);
        await Aftermath.NextExportEndedWellAsync(next.Client, folder, id);
        await Aftermath.NothingIsOrphanedAsync(next.Client, folder);
    }

    [Fact]
    public async Task A_stop_during_a_download_keeps_the_grace_period_and_the_download_is_resumed_after_the_next_start()
    {
        Clips.WriteSparseMp4(folder["outputs", "a.mp4"], 100L << 20);
        string url;
        var first = new byte[1_000_000];
        EntityTagHeaderValue? tag;
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            url = await ReadyAsync(server.Client);
            using var response = await server.Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
            tag = response.Headers.ETag;
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(first);

            // The client keeps the connection and reads no more.
            var clock = Stopwatch.StartNew();
            await server.StopAsync();
            Assert.True(clock.Elapsed < Grace, $"The stop took {clock.Elapsed}.");
        }

        await using var next = await ServerProcess.StartAsync(folder);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(first.Length, null);
        request.Headers.IfRange = new RangeConditionHeaderValue(tag!);
        using var rest = await next.Client.SendAsync(request);
        Assert.Equal(System.Net.HttpStatusCode.PartialContent, rest.StatusCode);
        var archive = await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(folder["temp"])));
        Assert.Equal(SHA256.HashData(archive), SHA256.HashData([.. first, .. await rest.Content.ReadAsByteArrayAsync()]));
    }

    /// <summary>Reads a few KB each quarter of a second for three seconds and then all the rest.</summary>
    /// <returns>Whether all of it came.</returns>
    private static async Task<bool> ReadsSlowlyToTheEndAsync(Uri server, string path)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(server.Host, server.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n\r\n"));
        var buffer = new byte[64 * 1024];
        long received = 0;
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
            for (var reads = 0; reads < 16 && await timer.WaitForNextTickAsync(); reads++)
            {
                received += await socket.ReceiveAsync(buffer.AsMemory(0, 2048));
            }

            while (await socket.ReceiveAsync(buffer.AsMemory()) is > 0 and var count)
            {
                received += count;
            }
        }
        catch (SocketException)
        {
            return false;
        }

        return received > 8 << 20;
    }

    private static async Task<string> ReadyAsync(HttpClient client)
    {
        var id = await Aftermath.RequestAsync(client, new { all = true });
        return (await ExportApp.EndOfAsync(client, id)).GetProperty("downloadUrl").GetString()!;
    }

    /// <summary>A host that cuts off whoever takes less than 100 MB a second.</summary>
    private sealed class StrictApp(TempFolder folder) : ExportApp(folder)
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.Configure<KestrelServerOptions>(
                kestrel => kestrel.Limits.MinResponseDataRate = new MinDataRate(100e6, TimeSpan.FromSeconds(1.1))));
        }
    }
}
