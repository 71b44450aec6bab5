using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Data;

namespace HeyGemExport.Tests.Uploads;

/// <summary>What becomes of an upload whose records cannot be read or written for a while, because of their file.</summary>
[Collection(SwiftCollection.Name)]
public sealed class BrokenDatabaseTests(SwiftServer server) : UploadTest(server)
{
    private string DatabaseFile => Path.Combine(App.Data, "heygem-export.db");

    [SwiftFact]
    public Task It_goes_on_when_its_table_is_back() => GoesOnAsync(
        () => ExecuteAsync("ALTER TABLE deliveries RENAME TO away"), () => ExecuteAsync("ALTER TABLE away RENAME TO deliveries"));

    [SwiftFact]
    public Task It_goes_on_when_a_file_that_is_no_database_is_replaced_by_the_right_one() => GoesOnWithCopyAsync(from: 0);

    [SwiftFact]
    public Task It_goes_on_when_a_damaged_file_is_replaced_by_the_right_one() => GoesOnWithCopyAsync(from: 4096);

    private async Task GoesOnWithCopyAsync(int from)
    {
        var copy = Folder["copy.db"];
        await GoesOnAsync(
            async () =>
            {
                await Eventually.HoldsAsync(() => new FileInfo(DatabaseFile + "-wal").Length == 0);
                File.Copy(DatabaseFile, copy);
                await using var file = new FileStream(
                    DatabaseFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                var garbage = new byte[file.Length - from];
                new Random(1).NextBytes(garbage);
                file.Position = from;
                await file.WriteAsync(garbage);
            },
            () =>
            {
                File.Copy(copy, DatabaseFile, overwrite: true);
                return Task.CompletedTask;
            });
    }

    private async Task GoesOnAsync(Func<Task> breaks, Func<Task> repair)
    {
        App.AddVideo("large.mp4", 4 * Part);
        using var client = App.CreateClient();
        var export = await App.ExportAsync(client, new { all = true });
        var release = Proxy.HoldAfter(parts: 2);
        var id = await DeliverAsync(client, export.Id(), new { destination = "store" });
        await Eventually.HoldsAsync(() => Proxy.PartsSent.Count == 2);

        await breaks();
        await Eventually.HoldsAsync(
            async () => (await File.ReadAllTextAsync(App.RunLog)).Contains($"数据库暂时不可用, 任务 {id}", StringComparison.Ordinal));
        release.SetResult();
        await Eventually.HoldsAsync(() => Proxy.PartsSent.Count == 5);
        await repair();

        JsonElement delivery = default;
        await Eventually.HoldsAsync(async () =>
        {
            var answer = await client.GetAsync($"/api/v1/deliveries/{id}");
            delivery = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return answer.IsSuccessStatusCode && delivery.State() is not ("queued" or "sending");
        });
        AssertReady(delivery);
        Assert.Equal(Proxy.PartsSent.Count, Proxy.PartsSent.Distinct().Count());
        Assert.Equal(
            export.GetProperty("archiveSha256").GetString(),
            await Bucket.Sha256Async("results/" + export.GetProperty("archiveName").GetString()));
        Assert.Empty(await Bucket.UploadsAsync());
        Assert.Null(await App.Get<Database>().FirstAsync<string>("SELECT claimed_by FROM deliveries", parameters: null, default));
    }

    private Task<int> ExecuteAsync(string sql) => App.Get<Database>().ExecuteAsync(sql, parameters: null, default);
}
