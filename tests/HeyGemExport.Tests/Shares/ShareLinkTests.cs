using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Exports.Retention;

namespace HeyGemExport.Tests.Shares;

/// <summary>Links from their making to their end.</summary>
public sealed class ShareLinkTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly HeldApp app;
    private HttpClient client = null!;
    private HttpClient stranger = null!;

    public ShareLinkTests() => app = new HeldApp { Time = time };

    public Task InitializeAsync()
    {
        app.AddVideo("批次一/课程第01讲.mp4", 200_000);
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

    [Fact]
    public async Task A_link_hands_over_the_very_bytes_and_is_audited_by_its_id()
    {
        var id = await app.PackAsync(client);
        var share = await client.ShareAsync(id);
        var archive = await client.GetByteArrayAsync($"/exports/{id}/download");

        using var answer = await stranger.GetAsync(share.Address() + "/download");
        var received = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal(archive, received);
        Assert.Equal("no-transform, private", answer.Headers.CacheControl!.ToString());
        Assert.True(answer.Headers.ETag is { IsWeak: false });
        var who = "share:" + share.GetProperty("id").GetString();
        await Eventually.HoldsAsync(async () => (await client.AuditAsync("download-finished")).Exists(record =>
            record.GetProperty("who").GetString() == who && record.GetProperty("bytes").GetInt64() == archive.Length
                && record.GetProperty("outcome").GetString() == "complete"));
        Assert.Contains(
            share.GetProperty("id").GetString()!, (await client.AuditAsync("share-created")).Single().GetProperty("detail").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_is_told_once_and_kept_nowhere()
    {
        var id = await app.PackAsync(client);
        var share = await client.ShareAsync(id, new { password = "open sesame" });
        var token = share.Address().Split('/')[^1];
        await stranger.GetAsync(share.Address());
        await stranger.GetAsync(share.Address() + "/nowhere");
        await stranger.GetAsync(share.Address() + "/download");

        var list = await client.GetStringAsync($"/api/v1/exports/{id}/shares");
        Assert.Contains(share.GetProperty("id").GetString()!, list, StringComparison.Ordinal);
        Assert.Equal(43, token.Length);
        foreach (var file in Directory.EnumerateFiles(app.Logs).Concat(Directory.EnumerateFiles(app.Data, "*.db*")))
        {
            var content = System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file));
            Assert.False(content.Contains(token, StringComparison.Ordinal), file);
            Assert.False(content.Contains("open sesame", StringComparison.Ordinal), file);
        }

        Assert.DoesNotContain(token, list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_part_of_a_set_can_be_taken()
    {
        app.AddVideo("批次一/b.mp4", 200_000, seed: 2);
        var id = await app.PackAsync(client, new { maxPartBytes = 250_000 });
        var share = await client.ShareAsync(id, new { maxDownloads = 1 });

        foreach (var part in new[] { 1, 2 })
        {
            Assert.Equal(
                await client.GetByteArrayAsync($"/exports/{id}/parts/{part}/download"), await stranger.GetByteArrayAsync(
                    $"{share.Address()}/parts/{part}/download"));
        }

        Assert.Equal(HttpStatusCode.Conflict, (await stranger.GetAsync(share.Address() + "/download")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(share.Address() + "/parts/3/download")).StatusCode);
    }

    [Fact]
    public async Task A_resumed_download_counts_once_and_the_next_one_is_refused()
    {
        var id = await app.PackAsync(client);
        var share = await client.ShareAsync(id, new { maxDownloads = 1 });
        var whole = await client.GetByteArrayAsync($"/exports/{id}/download");

        var first = await RangeAsync(share, 0, 99_999);
        var second = await RangeAsync(share, 100_000, whole.Length - 1);

        Assert.Equal(whole, (byte[])[.. first, .. second]);
        await Eventually.HoldsAsync(
            async () => (await client.AuditAsync("download-finished"))
                .Exists(record => record.GetProperty("outcome").GetString() == "complete"));
        using var again = await stranger.GetAsync(share.Address() + "/download");
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
        Assert.Equal("used-up", (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        var listed = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}/shares")).GetProperty("items")[0];
        Assert.Equal(("usedUp", 1), (listed.GetProperty("state").GetString(), listed.GetProperty("downloads").GetInt32()));
    }

    [Fact]
    public async Task No_more_than_the_limit_begin_however_many_ask_at_once()
    {
        var id = await app.PackAsync(client);
        var link =
            (await app.Get<HeyGemExport.Shares.ShareLinkStore>()
            .OfExportAsync((await client.ShareAsync(id, new { maxDownloads = 3 })).GetProperty("exportId").GetString()!, default))
            .Single();

        var begun = await Task.WhenAll(Enumerable.Range(0, 20).Select(one =>
            app.Get<HeyGemExport.Shares.ShareLinkStore>().TryBeginAsync(link, 1, $"192.0.2.{one}", default)));

        Assert.Equal(3, begun.Count(one => one is not null));
    }

    [Fact]
    public async Task Unknown_expired_and_revoked_links_are_answered_alike()
    {
        var id = await app.PackAsync(client);
        var revoked = await client.ShareAsync(id);
        using var gone = await client.DeleteAsync($"/api/v1/exports/{id}/shares/{revoked.GetProperty("id").GetString()}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        var expired = await client.ShareAsync(id, new { days = 1 });
        time.Advance(TimeSpan.FromDays(1));
        string[] addresses =
        [
            revoked.Address(), expired.Address(), "/s/" + new string('A', 43), "/s/short", "/s/..%2f..%2fetc%2fpasswd",
            "/s/" + new string('x', 2000),
        ];

        HashSet<string> pages = [], problems = [];
        foreach (var address in addresses)
        {
            using var page = await stranger.GetAsync(address);
            Assert.Equal((address, HttpStatusCode.NotFound), (address, page.StatusCode));
            pages.Add(
                (await page.Content.ReadAsStringAsync()).Replace(Uri.EscapeDataString(address), "", StringComparison.Ordinal)
                    .Replace(Uri.EscapeDataString(Uri.UnescapeDataString(address)), "", StringComparison.Ordinal));
            using var download = await stranger.GetAsync(address + "/download");
            Assert.Equal((address, HttpStatusCode.NotFound), (address, download.StatusCode));
            problems.Add((await download.Content.ReadAsStringAsync()).Split("\"traceId\"")[0]);
        }

        Assert.Single(problems);
        Assert.Single(pages.Select(Anonymous).Distinct(StringComparer.Ordinal));

        // The switch of languages leads back to where one is.
        static string Anonymous(string page) =>
            System.Text.RegularExpressions.Regex.Replace(
                page, "returnUrl=[^\"]*", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_link_keeps_its_archive_until_it_ends_and_says_when_it_is_gone_before()
    {
        var id = await app.PackAsync(client);
        var share = await client.ShareAsync(id, new { days = 5 });
        time.Advance(TimeSpan.FromDays(4));
        await app.Get<ArchiveRetention>().SweepAsync(default);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(share.Address())).StatusCode);
        Assert.Equal(
            new DateTimeOffset(2026, 3, 6, 8, 0, 0, TimeSpan.Zero),
            (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).GetProperty("expiresAt").GetDateTimeOffset());

        await client.PostAsync($"/api/v1/exports/{id}/remove", content: null);
        Assert.Equal(HttpStatusCode.Gone, (await stranger.GetAsync(share.Address())).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await stranger.GetAsync(share.Address() + "/download")).StatusCode);
    }

    [Fact]
    public async Task The_archive_of_a_revoked_link_goes_when_its_own_time_is_over()
    {
        var id = await app.PackAsync(client);
        var share = await client.ShareAsync(id, new { days = 5 });
        await client.DeleteAsync($"/api/v1/exports/{id}/shares/{share.GetProperty("id").GetString()}");

        time.Advance(TimeSpan.FromHours(25));
        await app.Get<ArchiveRetention>().SweepAsync(default);

        Assert.Empty(app.TempFiles);
    }

    [Fact]
    public async Task Under_the_size_cap_what_nobody_was_promised_goes_first()
    {
        await using var capped = new HeldApp { Time = time };
        capped.Settings["Exports:MaxTempBytes"] = "500000";
        capped.AddVideo("first/a.mp4", 200_000);
        using var caller = capped.CreateClient();
        var shared = await capped.PackAsync(caller);
        await caller.ShareAsync(shared);
        foreach (var seed in new[] { 2, 3 })
        {
            time.Advance(TimeSpan.FromMinutes(30));
            capped.AddVideo($"later{seed}/a.mp4", 200_000, seed);
            var answer = await capped.PostExportAsync(caller, new { batches = new[] { $"later{seed}" } });
            await capped.RunAsync((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
        }

        Assert.Equal("ready", (await caller.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{shared}")).GetProperty("state").GetString());
        Assert.Equal(2, capped.TempFiles.Length);
    }

    [Theory]
    [InlineData("{\"days\":0}", HttpStatusCode.UnprocessableEntity, "bad-days")]
    [InlineData("{\"days\":31}", HttpStatusCode.UnprocessableEntity, "bad-days")]
    [InlineData("{\"password\":\"short\"}", HttpStatusCode.UnprocessableEntity, "bad-password")]
    [InlineData("{\"maxDownloads\":0}", HttpStatusCode.UnprocessableEntity, "bad-downloads")]
    [InlineData("{\"day\":3}", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("[]", HttpStatusCode.BadRequest, "bad-request")]
    public async Task A_link_that_cannot_be_is_refused_with_a_code(string body, HttpStatusCode status, string code)
    {
        var id = await app.PackAsync(client);
        using var answer = await client.PostAsync(
            $"/api/v1/exports/{id}/shares", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Only_a_ready_export_can_be_shared()
    {
        var queued = (await (await app.PostExportAsync(client, new { all = true })).Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("id")
            .GetString();

        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsJsonAsync($"/api/v1/exports/{queued}/shares", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsJsonAsync("/api/v1/exports/aaaaaaaaaaaa/shares", new { })).StatusCode);
    }

    private async Task<byte[]> RangeAsync(JsonElement share, long from, long to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, share.Address() + "/download");
        request.Headers.Range = new(from, to);
        using var answer = await stranger.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
