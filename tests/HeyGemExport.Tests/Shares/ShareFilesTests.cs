using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using HeyGemExport.Library;
using HeyGemExport.Shares;

namespace HeyGemExport.Tests.Shares;

/// <summary>Single files of a shared export.</summary>
public sealed class ShareFilesTests : IAsyncLifetime
{
    private readonly HeldApp app = new();
    private HttpClient client = null!;
    private HttpClient stranger = null!;
    private byte[] first = null!;
    private byte[] second = null!;

    public Task InitializeAsync()
    {
        first = app.AddVideo("批次一/课程第01讲.mp4", 200_000);
        second = app.AddVideo("批次一/课程第02讲.mp4", 300_000, seed: 2);
        client = app.CreateClient();
        stranger = app.Pipeline();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        stranger.Dispose();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("store", null)]
    [InlineData("deflate", null)]
    [InlineData("store", 350_000)]
    public async Task A_file_is_what_was_packed_whatever_became_of_the_video(string compression, int? maxPartBytes)
    {
        var share = await client.ShareAsync(await app.PackAsync(client, new { compression, maxPartBytes, checksums = true }));
        Directory.Delete(Path.Combine(app.Outputs, "批次一"), recursive: true);

        using var answer = await stranger.GetAsync(share.Address() + "/files/2");

        Assert.Equal(second, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(second.Length, answer.Content.Headers.ContentLength);
        Assert.Equal("video/mp4", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("课程第02讲.mp4", answer.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(
            $"sha-256=:{Convert.ToBase64String(SHA256.HashData(second))}:", answer.Headers.GetValues("Repr-Digest").Single());
        Assert.Equal(first, await stranger.GetByteArrayAsync(share.Address() + "/files/1"));
    }

    [Fact]
    public async Task A_file_of_an_instant_archive_is_read_from_its_video()
    {
        await app.PackAsync(client);
        using var instant = await app.PostExportAsync(client, new { all = true }, new { delivery = "instant", checksums = true });
        var share = await client.ShareAsync(await instant.IdAsync());

        Assert.Single(app.TempFiles);
        Assert.Equal(second, await stranger.GetByteArrayAsync(share.Address() + "/files/2"));
        Assert.Equal(second[1000..2000], await RangeAsync(share, 2, 1000, 1999));
    }

    [Fact]
    public async Task A_file_of_an_instant_archive_whose_video_has_changed_is_never_sent()
    {
        await app.PackAsync(client);
        using var instant = await app.PostExportAsync(client, new { all = true }, new { delivery = "instant", checksums = true });
        var share = await client.ShareAsync(await instant.IdAsync());
        app.AddVideo("批次一/课程第02讲.mp4", 300_000, seed: 3);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stranger.GetByteArrayAsync(share.Address() + "/files/2"));
    }

    [Fact]
    public async Task Players_ask_for_ranges()
    {
        var share = await client.ShareAsync(await app.PackAsync(client));

        Assert.Equal(second[123_456..], await RangeAsync(share, 2, 123_456, null));
        Assert.Equal(second[..1], await RangeAsync(share, 2, 0, 0));
        using var head = await stranger.SendAsync(new HttpRequestMessage(HttpMethod.Head, share.Address() + "/files/1"));
        Assert.Equal((HttpStatusCode.OK, 200_000L), (head.StatusCode, head.Content.Headers.ContentLength!.Value));
    }

    [Fact]
    public async Task A_bit_that_has_flipped_in_the_archive_is_not_delivered_in_silence()
    {
        var id = await app.PackAsync(client);
        var share = await client.ShareAsync(id);
        using (var archive = File.Open(app.TempFiles.Single(), FileMode.Open))
        {
            archive.Position = 100_000;
            var one = archive.ReadByte();
            archive.Position = 100_000;
            archive.WriteByte((byte)(one ^ 1));
        }

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stranger.GetByteArrayAsync(share.Address() + "/files/1"));
    }

    [Fact]
    public async Task Each_file_and_the_archive_count_on_their_own_once_they_are_whole()
    {
        var id = await app.PackAsync(client);
        var share = await client.ShareAsync(id, new { maxDownloads = 1 });
        await RangeAsync(share, 1, 0, 99);

        foreach (var path in new[] { "/files/1", "/files/2", "/download" })
        {
            Assert.Equal((path, HttpStatusCode.OK), (path, (await stranger.GetAsync(share.Address() + path)).StatusCode));
        }

        foreach (var path in new[] { "/files/1", "/files/2", "/download" })
        {
            // That it is whole is noted when the last byte has been sent.
            await Eventually.HoldsAsync(async () => (await stranger.GetAsync(share.Address() + path)).StatusCode == HttpStatusCode.Gone);
            using var again = await stranger.GetAsync(share.Address() + path);
            Assert.Equal("used-up", (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        var listed = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}/shares")).GetProperty("items")[0];
        Assert.Equal(1, listed.GetProperty("downloads").GetInt32());
    }

    [Fact]
    public async Task Files_that_were_taken_and_pictures_leave_the_archive_to_be_had()
    {
        var id = await app.PackAsync(client);
        var share = await client.ShareAsync(id, new { maxDownloads = 1 });
        await stranger.GetByteArrayAsync(share.Address() + "/files/1");
        using (await stranger.GetAsync(share.Address() + "/posters/1"))
        {
        }

        var listed = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}/shares")).GetProperty("items")[0];
        Assert.Equal(("live", 0), (listed.GetProperty("state").GetString(), listed.GetProperty("downloads").GetInt32()));
    }

    [Fact]
    public async Task What_does_not_exist_counts_as_nothing()
    {
        var id = await app.PackAsync(client);
        var share = await client.ShareAsync(id, new { maxDownloads = 1 });

        foreach (var path in new[] { "/files/0", "/files/3", "/files/-1", "/files/99999999999", "/posters/3" })
        {
            Assert.Equal((path, HttpStatusCode.NotFound), (path, (await stranger.GetAsync(share.Address() + path)).StatusCode));
        }

        Assert.Equal(0, (await app.Get<ShareLinkStore>().OfExportAsync(id, default)).Single().Downloads);
    }

    [Fact]
    public async Task Neither_file_nor_picture_is_had_without_the_password_or_after_the_end()
    {
        var id = await app.PackAsync(client);
        var locked = await client.ShareAsync(id, new { password = "open sesame" });
        var revoked = await client.ShareAsync(id);
        await client.DeleteAsync($"/api/v1/exports/{id}/shares/{revoked.GetProperty("id").GetString()}");

        foreach (var path in new[] { "/files/1", "/posters/1" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(locked.Address() + path)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(revoked.Address() + path)).StatusCode);
        }

        await client.PostAsync($"/api/v1/exports/{id}/remove", content: null);
        var gone = await client.ShareAsync(await app.PackAsync(client));
        await client.PostAsync($"/api/v1/exports/{gone.GetProperty("exportId").GetString()}/remove", content: null);
        Assert.Equal(HttpStatusCode.Gone, (await stranger.GetAsync(gone.Address() + "/files/1")).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await stranger.GetAsync(gone.Address() + "/posters/1")).StatusCode);
    }

    [Fact]
    public async Task What_was_sent_of_a_file_is_audited_under_its_name()
    {
        var share = await client.ShareAsync(await app.PackAsync(client));

        await RangeAsync(share, 2, 0, 99_999);
        await RangeAsync(share, 2, 100_000, null);

        List<JsonElement> finished = [];
        await Eventually.HoldsAsync(async () => (finished = await client.AuditAsync("download-finished")).Count == 2);
        Assert.All(finished, record => Assert.Equal(
            (1, "share:" + share.GetProperty("id").GetString()),
            (record.GetProperty("fileCount").GetInt32(), record.GetProperty("who").GetString())));
        Assert.Equal([("complete", 200_000L), ("partial", 100_000L)], finished.Select(
            record => (record.GetProperty("outcome").GetString()!, record.GetProperty("bytes").GetInt64())));
        Assert.StartsWith(
            "file 批次一/课程第02讲.mp4; bytes 100000-299999; download ", finished[0].GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "; status 206; 300000 bytes of the archive sent so far", finished[0].GetProperty("detail").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_picture_of_a_video_stays_when_the_video_is_gone()
    {
        const string Sample = "outputs/speech_portrait_generated_20251219_143022.mp4";
        Directory.Delete(Path.Combine(app.Outputs, "批次一"), recursive: true);
        var video = Path.Combine(app.Outputs, "a.mp4");
        File.Copy(Path.GetFullPath(Path.Combine(SourceTree.App, "..", "..", Sample)), video);
        await app.Get<LibraryIndex>().RefreshAsync(default);
        var share = await client.ShareAsync(await app.PackAsync(client));
        using var before = await stranger.GetAsync(share.Address() + "/posters/1");
        File.Delete(video);
        await app.Get<LibraryIndex>().RefreshAsync(default);

        using var after = await stranger.GetAsync(share.Address() + "/posters/1");

        Assert.Equal("video/mp4", after.Content.Headers.ContentType!.ToString());
        Assert.Equal(await before.Content.ReadAsByteArrayAsync(), await after.Content.ReadAsByteArrayAsync());
        Assert.Equal("max-age=86400, private", after.Headers.CacheControl!.ToString());
    }

    private async Task<byte[]> RangeAsync(JsonElement share, int file, long from, long? to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{share.Address()}/files/{file}");
        request.Headers.Range = new RangeHeaderValue(from, to);
        using var answer = await stranger.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
