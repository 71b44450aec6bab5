using System.Net;
using System.Net.Sockets;

namespace HeyGemExport.Tests.Faults;

/// <summary>More connections than there are descriptors for, of clients that ask for nothing.</summary>
public sealed class CrowdTests : IDisposable
{
    private const int Clients = 300;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ProgramFact("prlimit")]
    public async Task It_answers_meanwhile_and_is_as_before_when_they_have_left()
    {
        await using var server = await ServerProcess.StartByAsync(["prlimit", "--nofile=450"], folder);
        await Aftermath.NextExportWorksAsync(server.Client, folder);
        using var patient = new HttpClient { BaseAddress = server.Client.BaseAddress, Timeout = TimeSpan.FromMinutes(5) };
        var before = server.OpenFiles.Count();
        using var download = await BeginDownloadAsync(server.Client, patient);
        var crowd = Enumerable.Range(0, Clients).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToList();
        try
        {
            // Those beyond wait in the kernel, for which they are connected, too.
            await Task.WhenAll(crowd.Select(client => client.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port)));
            for (var round = 0; round < 3; round++)
            {
                using var newcomer = new HttpClient { BaseAddress = server.Client.BaseAddress, Timeout = TimeSpan.FromMinutes(2) };
                Assert.Equal(HttpStatusCode.OK, (await newcomer.GetAsync("/healthz/live")).StatusCode);
            }

            // Its connection is older than all of the crowd's, and not idle.
            Assert.Equal(download.Content.Headers.ContentLength, (await download.Content.ReadAsByteArrayAsync()).LongLength);
        }
        finally
        {
            crowd.ForEach(client => client.Dispose());
        }

        await Aftermath.NextExportWorksAsync(server.Client, folder);
        await Eventually.HoldsAsync(() => server.OpenFiles.Count() < before + 40);
        Assert.Equal(0, await server.StopAsync());
    }

    /// <summary>By a connection of its own, of which no more is read than what the client buffers.</summary>
    private async Task<HttpResponseMessage> BeginDownloadAsync(HttpClient client, HttpClient patient)
    {
        Clips.WriteSparseMp4(folder["outputs", "large", "a.mp4"], 40L << 20);
        var id = await Aftermath.RequestAsync(client, new { batches = new[] { "large" } });
        Assert.Equal("ready", (await ExportApp.EndOfAsync(client, id)).State());
        return await patient.GetAsync($"/exports/{id}/download", HttpCompletionOption.ResponseHeadersRead);
    }
}
