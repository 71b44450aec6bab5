using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using HeyGemExport.Audit;
using HeyGemExport.Library;
using HeyGemExport.Library.Fingerprints;

namespace HeyGemExport.Tests.Exports.Downloads;

/// <summary>Videos that are downloaded without an archive.</summary>
public sealed class VideoDownloadTests : IAsyncLifetime
{
    private const string Address = "/downloads/%E5%9F%B9%E8%AE%AD/%E7%AC%AC1%E8%AF%BE.mp4";

    // Old, so that nothing computes its fingerprint by itself.
    private readonly HeldApp app = new();
    private HttpClient client = null!;
    private byte[] video = [];

    public async Task InitializeAsync()
    {
        video = app.AddVideo("培训/第1课.mp4", 300_000);
        client = app.CreateClient();
        await app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task It_comes_as_it_is_under_its_name_and_is_recorded()
    {
        using var answer = await client.GetAsync(Address);

        Assert.Equal(video, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("第1课.mp4", answer.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(video.Length, answer.Content.Headers.ContentLength);
        var record = await RecordAsync(1);
        Assert.Equal("complete", record.GetProperty("outcome").GetString());
        Assert.Equal(video.Length, record.GetProperty("bytes").GetInt64());
        Assert.Equal("bytes 0-299999; status 200; video 培训/第1课.mp4", record.GetProperty("detail").GetString());
        Assert.Equal(0, await CountNewAsync());
    }

    [Fact]
    public async Task One_that_broke_off_is_not_downloaded_until_the_rest_has_come()
    {
        Assert.Equal(video[..1000], await GetRangeAsync(0, 999));
        Assert.Equal("partial", (await RecordAsync(1)).GetProperty("outcome").GetString());
        Assert.Equal(1, await CountNewAsync());

        Assert.Equal(video[1000..], await GetRangeAsync(1000, null));
        Assert.Equal("complete", (await RecordAsync(2)).GetProperty("outcome").GetString());
        Assert.Equal(0, await CountNewAsync());
    }

    [Fact]
    public async Task Another_version_is_new_again()
    {
        await client.GetByteArrayAsync(Address);
        await RecordAsync(1);
        app.AddVideo("培训/第1课.mp4", 300_001, seed: 7);

        Assert.Equal(1, await CountNewAsync());
    }

    [Fact]
    public async Task Its_sum_comes_on_request_and_is_computed_once()
    {
        Assert.Null(await DigestAsync(HttpMethod.Get, wanted: true));
        Assert.Null(await DigestAsync(HttpMethod.Head, wanted: false));

        var sum = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(video))}:";
        Assert.Equal(sum, await DigestAsync(HttpMethod.Head, wanted: true));
        Assert.Equal(1, await app.Get<FingerprintStore>().CountAsync(CancellationToken.None));
        Assert.Equal(sum, await DigestAsync(HttpMethod.Get, wanted: true));

        video = app.AddVideo("培训/第1课.mp4", 300_000, seed: 9);
        Assert.Equal(
            $"sha-256=:{Convert.ToBase64String(SHA256.HashData(video))}:", await DigestAsync(HttpMethod.Head, wanted: true));
    }

    [Theory]
    [InlineData("/downloads/")]
    [InlineData("/downloads/nothing.mp4")]
    [InlineData("/downloads/..%2Fdata%2Fheygem-export.db")]
    [InlineData("/downloads/%2Fetc%2Fpasswd")]
    public async Task Nothing_but_a_video_of_the_library_is_sent(string address) =>
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(address)).StatusCode);

    [Fact]
    public async Task One_that_is_gone_is_not_found_and_not_recorded()
    {
        File.Delete(Path.Combine(app.Outputs, "培训", "第1课.mp4"));

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(Address)).StatusCode);
        Assert.Empty(await client.AuditAsync(AuditActions.DownloadFinished));
    }

    private async Task<byte[]> GetRangeAsync(long from, long? to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Range = new RangeHeaderValue(from, to);
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private async Task<string?> DigestAsync(HttpMethod method, bool wanted)
    {
        using var request = new HttpRequestMessage(method, Address);
        if (wanted)
        {
            request.Headers.Add("Want-Repr-Digest", "sha-256=10");
        }

        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.TryGetValues("Repr-Digest", out var digests) ? Assert.Single(digests) : null;
    }

    private async Task<JsonElement> RecordAsync(int number)
    {
        await Eventually.HoldsAsync(async () => (await client.AuditAsync(AuditActions.DownloadFinished)).Count == number);
        return (await client.AuditAsync(AuditActions.DownloadFinished))[0];
    }

    private async Task<int> CountNewAsync()
    {
        using var response = await client.PostAsJsonAsync(
            "/api/v1/exports/preview", new { selection = new { all = true, newOnly = true } });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("fileCount").GetInt32();
    }
}
