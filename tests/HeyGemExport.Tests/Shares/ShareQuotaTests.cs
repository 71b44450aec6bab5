using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace HeyGemExport.Tests.Shares;

/// <summary>What counts as a download through a link, and what ends one.</summary>
public sealed class ShareQuotaTests : IAsyncLifetime
{
    private readonly HeldApp app = new();
    private HttpClient client = null!;
    private HttpClient stranger = null!;
    private string export = "";
    private byte[] archive = [];

    public ShareQuotaTests()
    {
        app.Settings["Http:TrustedProxies"] = "127.0.0.1";
        app.Settings["Accounts:AllowOpenOnNetwork"] = "true";
        app.Settings["Downloads:StallSeconds"] = "5";
    }

    public async Task InitializeAsync()
    {
        app.AddVideo("a.mp4", 30_000_000);
        client = app.CreateClient();
        stranger = app.Pipeline();
        export = await app.PackAsync(client);
        archive = await client.GetByteArrayAsync($"/exports/{export}/download");
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        stranger.Dispose();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("If-None-Match", HttpStatusCode.NotModified)]
    [InlineData("If-Match", HttpStatusCode.PreconditionFailed)]
    [InlineData("Range", HttpStatusCode.RequestedRangeNotSatisfiable)]
    public async Task An_answer_without_a_byte_of_the_archive_uses_up_nothing(string header, HttpStatusCode expected)
    {
        var share = await client.ShareAsync(export, new { maxDownloads = 1 });
        using var head = await stranger.SendAsync(new HttpRequestMessage(HttpMethod.Head, share.Address() + "/download"));
        var value = header switch { "Range" => "bytes=999999999-", "If-Match" => "\"another\"", _ => head.Headers.ETag!.Tag };

        foreach (var address in new[] { "192.0.2.1", "192.0.2.2", "192.0.2.1" })
        {
            using var answer = await AskAsync(share, address, (header, value));
            Assert.Equal(expected, answer.StatusCode);
        }

        Assert.Equal(("live", 0), await StateAsync(share));
        Assert.Equal(archive, await (await AskAsync(share, "192.0.2.3")).Content.ReadAsByteArrayAsync());
        await Eventually.HoldsAsync(async () => await StateAsync(share) == ("usedUp", 1));
        Assert.Equal(HttpStatusCode.Gone, (await AskAsync(share, "192.0.2.4")).StatusCode);
    }

    [Fact]
    public async Task A_download_that_broke_off_goes_on_from_another_address_and_counts_once()
    {
        var share = await client.ShareAsync(export, new { maxDownloads = 1 });
        using var first = await AskAsync(share, "192.0.2.1", ("Range", "bytes=0-9999999"));
        var beginning = await first.Content.ReadAsByteArrayAsync();

        using var second = await AskAsync(share, "198.51.100.7", ("Range", "bytes=10000000-"));

        Assert.Equal(HttpStatusCode.PartialContent, second.StatusCode);
        Assert.Equal(archive, (byte[])[.. beginning, .. await second.Content.ReadAsByteArrayAsync()]);
        await Eventually.HoldsAsync(async () => await StateAsync(share) == ("usedUp", 1));
        Assert.Equal(HttpStatusCode.Gone, (await AskAsync(share, "203.0.113.1")).StatusCode);
    }

    [Fact]
    public async Task While_one_is_sent_no_other_begins_in_its_place_and_once_it_stalls_it_does()
    {
        var share = await client.ShareAsync(export, new { maxDownloads = 1 });
        using var stalled = await StallAsync(share.Address() + "/download");

        Assert.Equal(HttpStatusCode.Gone, (await AskAsync(share, "192.0.2.9")).StatusCode);

        await Eventually.HoldsAsync(async () => (await AskAsync(share, "192.0.2.9")).StatusCode == HttpStatusCode.OK);
        Assert.Contains(
            await client.AuditAsync("download-finished"), record => record.GetProperty("outcome").GetString() == "partial");
    }

    [Fact]
    public async Task A_revoked_link_ends_what_runs_through_it_and_the_archive_can_be_removed()
    {
        await using var patient = new HeldApp();
        patient.Settings["Downloads:StallSeconds"] = "86400";
        patient.AddVideo("a.mp4", 30_000_000);
        using var owner = patient.CreateClient();
        var packed = await patient.PackAsync(owner);
        var share = await owner.ShareAsync(packed);
        using var stalled = await StallAsync(new Uri(owner.BaseAddress!, share.Address() + "/download"));
        using var held = await owner.PostAsync($"/api/v1/exports/{packed}/remove", content: null);
        Assert.Equal(HttpStatusCode.Conflict, held.StatusCode);

        await owner.DeleteAsync($"/api/v1/exports/{packed}/shares/{share.Id()}");

        await Eventually.HoldsAsync(async () =>
            (await owner.PostAsync($"/api/v1/exports/{packed}/remove", content: null)).StatusCode == HttpStatusCode.OK);
    }

    private Task<Socket> StallAsync(string path) => StallAsync(new Uri(client.BaseAddress!, path));

    /// <summary>Begins a download and reads no further.</summary>
    private static async Task<Socket> StallAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {address.AbsolutePath} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(await ReadAsync(socket)), StringComparison.Ordinal);
        return socket;

        static async Task<byte[]> ReadAsync(Socket socket)
        {
            var buffer = new byte[100];
            return buffer[..await socket.ReceiveAsync(buffer)];
        }
    }

    private Task<HttpResponseMessage> AskAsync(JsonElement share, string address, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, share.Address() + "/download");
        request.Headers.Add("X-Forwarded-For", address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return stranger.SendAsync(request, HttpCompletionOption.ResponseContentRead);
    }

    private async Task<(string State, int Downloads)> StateAsync(JsonElement share)
    {
        var links = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{export}/shares");
        var link = links.GetProperty("items").EnumerateArray().Single(link => link.Id() == share.Id());
        return (link.State(), link.GetProperty("downloads").GetInt32());
    }
}
