using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Exports.Retention;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeyGemExport.Tests.Exports.Downloads;

/// <summary>Downloads over TLS, where the server frames and encrypts what it is given.</summary>
public sealed class HttpVersionTests : IDisposable
{
    /// <summary>More than the buffers of a connection take, which the system lets grow to 32 MiB: one that breaks off has not got
    /// all.</summary>
    private const int Length = 60_000_000;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_archive_arrives_whole_in_ranges_and_broken_off_and_is_audited(string version)
    {
        folder.Write("outputs/a.mp4", Clips.Mp4(Length), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var certificate = CreateCertificate();
        var file = folder.Write("server.pfx", certificate.Export(X509ContentType.Pfx));
        await using var server = await ServerProcess.StartAsync(
            folder, "urls=https://127.0.0.1:0", $"Kestrel:Certificates:Default:Path={file}");
        using var client = CreateClient(server.Client.BaseAddress!, version, certificate);
        var export = await ExportApp.EndOfAsync(client, await Faults.Aftermath.RequestAsync(client, new { all = true }));
        var url = export.GetProperty("downloadUrl").GetString()!;
        var archive = await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(folder["temp"])));

        await BreakOffAsync(client, url);
        var partial = await LatestAsync(client, 1);
        var range = await RangeAsync(client, url, 1_000_000);
        var whole = await client.GetByteArrayAsync(url);
        var complete = await LatestAsync(client, 3);

        Assert.Equal("partial", partial.GetProperty("outcome").GetString());
        Assert.InRange(partial.GetProperty("bytes").GetInt64(), 65_536, Length);
        Assert.Equal(archive[1_000_000..], range);
        Assert.Equal(archive, whole);
        Assert.Equal("complete", complete.GetProperty("outcome").GetString());
        Assert.Equal(archive.Length, complete.GetProperty("bytes").GetInt64());
    }

    /// <summary>On a busy machine it comes so late that the rest of the archive could be written to nobody, and counted.</summary>
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Nothing_counts_that_is_written_before_the_server_learns_that_the_connection_is_closed(string version)
    {
        using var certificate = CreateCertificate();
        var sent = new TaskCompletionSource<(Exception? End, long Bytes)>();
        await using var server = await StartNeverLearningAsync(certificate, async context =>
        {
            var body = new CountingResponseBody(
                context.Features, new ActiveDownloads(database: null!, new(), TimeProvider.System, NullLogger<ActiveDownloads>.Instance),
                TimeSpan.FromMinutes(5), TimeProvider.System);
            var end = await Record.ExceptionAsync(() => body.SendAsync(
                (buffer, _) => ValueTask.FromResult(buffer.Length), 0, Length, CancellationToken.None));
            sent.SetResult((end, body.Sent));
            context.Abort();
        });
        using (var client = CreateClient(new Uri(server.Urls.Single()), version, certificate))
        {
            await BreakOffAsync(client, "/");
        }

        var (end, bytes) = await sent.Task;

        Assert.IsType<ConnectionAbortedException>(end);
        Assert.InRange(bytes, 65_536, Length - 1);
    }

    /// <summary>A server that is not told when a connection closes, as if the news were still waiting for a thread.</summary>
    private static async Task<WebApplication> StartNeverLearningAsync(X509Certificate2 certificate, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Use(next => connection =>
            {
                connection.ConnectionClosed = CancellationToken.None;
                return next(connection);
            });
            listen.UseHttps(certificate);
        }));
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync();
        return server;
    }

    private static HttpClient CreateClient(Uri server, string version, X509Certificate2 certificate)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust }, MaxResponseDrainSize = 0 })
        {
            BaseAddress = server,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private static async Task BreakOffAsync(HttpClient client, string url)
    {
        await using var body = await client.GetStreamAsync(url);
        await body.ReadExactlyAsync(new byte[100_000]);
    }

    private static async Task<byte[]> RangeAsync(HttpClient client, string url, long from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
            Headers = { Range = new RangeHeaderValue(from, null) },
        };
        using var answer = await client.SendAsync(request);
        Assert.Equal((HttpStatusCode.PartialContent, client.DefaultRequestVersion), (answer.StatusCode, answer.Version));
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>The newest record, once there are so many.</summary>
    private static async Task<JsonElement> LatestAsync(HttpClient client, int count)
    {
        List<JsonElement> records = [];
        await Eventually.HoldsAsync(async () => (records = await client.AuditAsync("download-finished")).Count == count);
        return records[0];
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }
}
