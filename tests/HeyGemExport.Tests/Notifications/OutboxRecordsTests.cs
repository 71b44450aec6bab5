using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Notifications;
using HeyGemExport.Shares;
using HeyGemExport.Tests.Data;
using HeyGemExport.Tests.Shares;

namespace HeyGemExport.Tests.Notifications;

/// <summary>What the records of links, promises and notifications do, whichever engine holds them.</summary>
public abstract class UploadRecordsTests : IAsyncLifetime
{
    private readonly HeldApp app = new();
    private Receiver receiver = null!;
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        receiver = await Receiver.StartAsync();
        app.Settings["ConnectionStrings:Database"] = await NewDatabaseAsync();
        app.Settings["Notifications:AllowPrivateAddresses"] = "true";
        app.Settings["Notifications:Targets:ops:Kind"] = "wecom";
        app.Settings["Notifications:Targets:ops:Url"] = receiver.Address;
        app.AddVideo("a.mp4", 200_000);
        client = app.CreateClient();
        await app.Get<NotificationOutbox>().CollectAsync(default);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [DatabaseFact]
    public async Task A_link_is_made_used_up_listed_and_revoked()
    {
        var id = await app.PackAsync(client);
        var share = await client.ShareAsync(id, new { days = 20, maxDownloads = 1 });
        using var stranger = app.Pipeline();

        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(share.Address() + "/download")).StatusCode);
        await Eventually.HoldsAsync(async () => (await client.AuditAsync("download-finished")).Count == 1);
        Assert.Equal(HttpStatusCode.Gone, (await stranger.GetAsync(share.Address() + "/download")).StatusCode);
        Assert.Equal(
            1,
            (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}/shares")).GetProperty("items")[0].GetProperty("downloads")
                .GetInt32());
        var kept = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).GetProperty("expiresAt").GetDateTimeOffset();
        Assert.True(kept > TimeProvider.System.GetUtcNow().AddDays(19));
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await client.DeleteAsync($"/api/v1/exports/{id}/shares/{share.GetProperty("id").GetString()}")).StatusCode);
        kept = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).GetProperty("expiresAt").GetDateTimeOffset();
        Assert.True(kept < TimeProvider.System.GetUtcNow().AddDays(2));
    }

    [DatabaseFact]
    public async Task What_opens_something_is_counted_and_the_newest_named_first()
    {
        var id = await app.PackAsync(client);
        var links = new List<string>();
        foreach (var days in new[] { 1, 2, 3 })
        {
            links.Add((await client.ShareAsync(id, new { days })).GetProperty("id").GetString()!);
        }

        await client.DeleteAsync($"/api/v1/exports/{id}/shares/{links[1]}");
        var store = app.Get<ShareLinkStore>();
        var one = await store.LiveAsync(1, default);
        var all = await store.LiveAsync(10, default);

        Assert.Equal((2, links[2]), (one.Total, Assert.Single(one.Items).Id));
        Assert.Equal([links[2], links[0]], all.Items.Select(share => share.Id));
        Assert.All(
            all.Items,
            share => Assert.True(share is { IsThere: true, Downloads: 0 } && share.ArchiveName.EndsWith(".zip", StringComparison.Ordinal)));
    }

    [DatabaseFact]
    public async Task Of_many_downloads_at_once_no_more_begin_than_may()
    {
        var id = await app.PackAsync(client);
        await client.ShareAsync(id, new { maxDownloads = 3 });
        var store = app.Get<ShareLinkStore>();
        var link = Assert.Single(await store.OfExportAsync(id, default));

        var begun = await Task.WhenAll(Enumerable.Range(0, 20).Select(one => store.TryBeginAsync(link, 1, $"192.0.2.{one}", default)));

        Assert.Equal(3, begun.Count(one => one is not null));
        Assert.Equal(0, Assert.Single(await store.OfExportAsync(id, default)).Downloads);
    }

    [DatabaseFact]
    public async Task A_download_through_a_link_counts_once_it_has_been_sent_whole_from_wherever()
    {
        var id = await app.PackAsync(client);
        await client.ShareAsync(id, new { maxDownloads = 1 });
        var store = app.Get<ShareLinkStore>();
        var link = Assert.Single(await store.OfExportAsync(id, default));
        var begun = await store.TryBeginAsync(link, 1, "192.0.2.1", default);

        await store.AddSentAsync(begun!, 100, 0, 60, default);
        Assert.Null(await store.FindToContinueAsync(link, 1, "192.0.2.2", continues: false, default));
        Assert.Equal(begun, await store.FindToContinueAsync(link, 1, "192.0.2.2", continues: true, default));
        Assert.Equal(begun, await store.FindToContinueAsync(link, 1, "192.0.2.2", continues: false, default));
        Assert.Null(await store.TryTakeOverAsync(link, 1, "192.0.2.3", _ => true, default));
        Assert.Equal(0, Assert.Single(await store.OfExportAsync(id, default)).Downloads);

        await store.AddSentAsync(begun!, 100, 50, 50, default);
        Assert.Equal(1, Assert.Single(await store.OfExportAsync(id, default)).Downloads);
        Assert.Null(await store.FindToContinueAsync(link, 1, "192.0.2.3", continues: true, default));
        Assert.Null(await store.TryTakeOverAsync(link, 1, "192.0.2.3", _ => false, default));
    }

    [DatabaseFact]
    public async Task Only_what_is_ready_is_held_and_the_last_word_of_a_holder_counts()
    {
        var id = await app.PackAsync(client);
        var holds = app.Get<RetentionHolds>();

        Assert.True(await holds.HoldAsync(id, "one", DateTimeOffset.UnixEpoch.AddYears(80), default));
        Assert.True(await holds.HoldAsync(id, "one", DateTimeOffset.UnixEpoch.AddYears(70), default));
        Assert.False(await holds.HoldAsync("aaaaaaaaaaaa", "one", DateTimeOffset.UnixEpoch.AddYears(80), default));

        Assert.Equal(
            DateTimeOffset.UnixEpoch.AddYears(70),
            (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).GetProperty("expiresAt").GetDateTimeOffset());
    }

    [DatabaseFact]
    public async Task An_end_is_collected_sent_and_listed_once()
    {
        var id = await app.PackAsync(client);
        for (var turn = 0; turn < 3; turn++)
        {
            await NotificationTest.TurnAsync(app);
        }

        await Eventually.HoldsAsync(() => !receiver.Messages.IsEmpty);
        await Eventually.HoldsAsync(
            async () =>
                (await app.Get<NotificationStore>().ListAsync(
                1, 10, default)).Items is [{ State: NotificationState.Delivered, Attempts: 1 }]);
        Assert.Single(receiver.Messages);
        Assert.Equal(
            id,
            (await client.GetFromJsonAsync<JsonElement>("/api/v1/notifications")).GetProperty("items")[0].GetProperty("exportId")
                .GetString());
    }

    protected abstract Task<string> NewDatabaseAsync();
}

public sealed class SqliteDeliveryRecordsTests : UploadRecordsTests
{
    protected override Task<string> NewDatabaseAsync() => Task.FromResult("");
}

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlDeliveryRecordsTests(PostgreSqlServer server) : UploadRecordsTests
{
    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();
}
