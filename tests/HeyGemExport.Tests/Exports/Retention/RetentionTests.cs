using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Audit;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.Exports.Retention;

public sealed class RetentionTests : IDisposable
{
    private readonly DateTimeOffset began = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider time;
    private readonly HeldApp app;

    public RetentionTests()
    {
        time = new FakeTimeProvider(began);
        app = new HeldApp { Time = time };
        app.Settings["Exports:RetentionHours"] = "24";
    }

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Removes_an_archive_a_time_after_its_last_use_and_says_so()
    {
        using var client = app.CreateClient();
        var export = await ReadyAsync(client, "a.mp4");

        time.Advance(TimeSpan.FromHours(23));
        await SweepAsync();
        Assert.Single(app.TempFiles);
        await client.GetByteArrayAsync(export.GetProperty("downloadUrl").GetString());

        // Its end counts as a use, and is recorded after the last byte.
        await Eventually.HoldsAsync(async () => (await client.ActionsAsync()).Contains(AuditActions.DownloadFinished));

        time.Advance(TimeSpan.FromHours(23));
        await SweepAsync();
        Assert.Single(app.TempFiles);

        time.Advance(TimeSpan.FromHours(2));
        await SweepAsync();
        Assert.Empty(app.TempFiles);
        Assert.Equal("expired", await client.StateAsync(export.Id()));
        Assert.Equal(
            HttpStatusCode.Gone, (
            await client.GetAsync(export.GetProperty("downloadUrl").GetString() ?? $"/exports/{export.Id()}/download")).StatusCode);
        var audit = await app.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: AuditActions.ExportExpired), CancellationToken.None);
        Assert.Equal(export.Id(), Assert.Single(audit.Items).ExportId);
    }

    [Fact]
    public async Task Removes_the_oldest_unused_first_when_all_together_are_over_the_cap()
    {
        app.Settings["Exports:MaxTempBytes"] = "250000";
        using var client = app.CreateClient();
        var first = await ReadyAsync(client, "a.mp4", 100_000);
        time.Advance(TimeSpan.FromMinutes(1));
        var second = await ReadyAsync(client, "b.mp4", 100_000);
        time.Advance(TimeSpan.FromMinutes(1));
        await client.GetByteArrayAsync($"/exports/{first.Id()}/download");
        time.Advance(TimeSpan.FromMinutes(1));

        var third = await ReadyAsync(client, "c.mp4", 100_000);
        await SweepAsync();

        Assert.Equal(
            ["ready", "expired", "ready"], [await client.StateAsync(first.Id()), await client.StateAsync(second.Id()),
            await client.StateAsync(third.Id())]);
        Assert.Equal(2, app.TempFiles.Length);
    }

    [Fact]
    public async Task Looks_again_after_seconds_while_the_database_is_away()
    {
        File.WriteAllText(app.Data, "No folder can be made here.");
        var abandoned = app.Folder.Write(
            "temp/heygem_batch_result_20251219_1423_abcdefghijkl.zip.partial", [1, 2, 3], time.GetUtcNow().UtcDateTime.AddHours(-25));
        using var client = app.CreateClient();
        await Eventually.HoldsAsync(() => File.Exists(app.RunLog) && File.ReadAllText(app.RunLog)
            .Contains("清理未完成", StringComparison.Ordinal));

        File.Delete(app.Data);
        await Eventually.HoldsAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return !File.Exists(abandoned);
        });

        Assert.True(time.GetUtcNow() < began + TimeSpan.FromSeconds(30), "It waited for the next minute.");
    }

    [Fact]
    public async Task Never_takes_an_archive_that_is_being_downloaded()
    {
        app.Settings["Exports:RetentionHours"] = "10";
        app.Settings["Downloads:StallSeconds"] = "86400";
        using var client = app.CreateClient();
        var export = await ReadyAsync(client, "a.mp4", 60_000_000);
        var response = await client.GetAsync($"/exports/{export.Id()}/download", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);

        time.Advance(TimeSpan.FromHours(20));
        await SweepAsync();

        Assert.Equal("ready", await client.StateAsync(export.Id()));
        await body.CopyToAsync(Stream.Null);
        await Eventually.HoldsAsync(() => app.Get<ActiveDownloads>().Count(export.Id()) == 0);
        time.Advance(TimeSpan.FromHours(25));
        await SweepAsync();
        Assert.Equal("expired", await client.StateAsync(export.Id()));
    }

    [Fact]
    public async Task Spares_an_archive_whose_download_broke_off_just_now_when_space_is_short()
    {
        app.Settings["Exports:MaxTempBytes"] = "250000";
        using var client = app.CreateClient();
        var broken = await ReadyAsync(client, "a.mp4", 100_000);
        using (var request = new HttpRequestMessage(HttpMethod.Get, $"/exports/{broken.Id()}/download"))
        {
            request.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(0, 999);
            await (await client.SendAsync(request)).Content.ReadAsByteArrayAsync();
        }

        await Eventually.HoldsAsync(() => app.Get<ActiveDownloads>().Count(broken.Id()) == 0);
        time.Advance(TimeSpan.FromMinutes(1));
        var second = await ReadyAsync(client, "b.mp4", 100_000);
        time.Advance(TimeSpan.FromMinutes(1));
        await ReadyAsync(client, "c.mp4", 100_000);

        Assert.Equal(["ready", "expired"], [await client.StateAsync(broken.Id()), await client.StateAsync(second.Id())]);
    }

    [Fact]
    public async Task Leaves_archives_of_others_who_share_the_folder_alone()
    {
        using var client = app.CreateClient();
        await ReadyAsync(client, "a.mp4");
        var foreign = app.Folder.Write("temp/heygem_batch_result_20200101_0000_zzzzzzzzzzzz.zip", [1]);
        var unrelated = app.Folder.Write("temp/holiday.zip", [1]);
        Assert.All([foreign, unrelated], file => File.SetLastWriteTimeUtc(file, began.UtcDateTime.AddDays(-100)));

        time.Advance(TimeSpan.FromHours(48));
        await SweepAsync();

        Assert.Equal([foreign, unrelated], app.TempFiles.Order(StringComparer.Ordinal));
    }

    [LinuxFact]
    public async Task A_pipe_under_the_name_of_an_archive_is_left_alone_and_keeps_nothing_else()
    {
        using var client = app.CreateClient();
        var export = await ReadyAsync(client, "a.mp4");
        var pipe = Path.Combine(app.Temp, $"heygem_batch_result_20200101_0000_{export.Id()}.zip");
        Assert.True(MountedFolder.Run("mkfifo", pipe));

        time.Advance(TimeSpan.FromHours(48));
        await SweepAsync();

        Assert.Equal("expired", await client.StateAsync(export.Id()));
        Assert.Equal([pipe], app.TempFiles);
    }

    private async Task<JsonElement> ReadyAsync(HttpClient client, string path, int length = 64 * 1024)
    {
        app.AddVideo(path, length, seed: path[0]);
        var response = await app.PostExportAsync(client, new { paths = new[] { path } });
        var id = await response.IdAsync();

        await app.RunAsync(id);
        return await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}");
    }

    private Task SweepAsync() => app.Get<ArchiveRetention>().SweepAsync(CancellationToken.None);
}
