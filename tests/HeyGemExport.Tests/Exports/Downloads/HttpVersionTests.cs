using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

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
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust }, MaxResponseDrainSize = 0 };
        using var client = new HttpClient(handler)
        {
            BaseAddress = server.Client.BaseAddress,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
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
