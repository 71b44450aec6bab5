using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Exports.Retention;
using Microsoft.Data.Sqlite;

namespace HeyGemExport.Tests.Faults;

/// <summary>The file of the SQLite database is moved, deleted, overwritten or replaced while the app runs.</summary>
public sealed class ReplacedDatabaseTests : IDisposable
{
    private readonly ExportApp app = new();
    private readonly HttpClient client;

    public ReplacedDatabaseTests()
    {
        app.Settings["Ops:LowFreeBytes"] = "0";
        app.Settings["Ops:MinimumFreeBytes"] = "0";
        app.Settings["Ops:CheckTimeoutSeconds"] = "60";
        client = app.CreateClient();
        client.Timeout = TimeSpan.FromSeconds(45);
    }

    private string Database => Path.Combine(app.Data, "heygem-export.db");

    private string Copy => app.Folder["copy.db"];

    public void Dispose()
    {
        client.Dispose();
        app.Dispose();
    }

    [Fact]
    public async Task Moved_away_nothing_is_accepted_and_moved_back_all_goes_on()
    {
        await Aftermath.NextExportWorksAsync(client, app.Folder);
        var running = await Aftermath.BuildingAsync(client, app.Folder);

        File.Move(Database, Copy);
        await IsRefusedAsync();
        File.Move(Copy, Database);

        await WorksAgainAsync();
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, running);
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
    }

    [Fact]
    public async Task Deleted_and_an_older_copy_put_back_its_records_are_there_and_ops_are_told_of_younger_archives()
    {
        var known = await PackAsync("a.mp4");
        await using (var connection = await ConnectAsync())
        {
            await ExecuteAsync(connection, $"VACUUM INTO '{Copy}'");
        }

        var younger = await PackAsync("b.mp4");
        File.Delete(Database);
        await IsRefusedAsync();
        File.Move(Copy, Database);

        await WorksAgainAsync();
        Assert.Equal("ready", (await Aftermath.FindAsync(client, known)).State());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/exports/{younger}")).StatusCode);
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, known);

        await app.Get<ArchiveRetention>().SweepAsync(CancellationToken.None);
        var archive = Assert.Single(app.TempFiles, file => file.Contains(younger, StringComparison.Ordinal));
        var (_, report) = await ReadyAsync();
        var told = report.GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("code").GetString() == "archives-unknown");
        Assert.Contains(archive, told.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overwritten_with_garbage_and_put_back_it_works_without_a_restart()
    {
        var id = await PackAsync("a.mp4");
        await IsWholeAsync();
        File.Copy(Database, Copy);

        var garbage = new byte[new FileInfo(Database).Length];
        new Random(1).NextBytes(garbage);
        await File.WriteAllBytesAsync(Database, garbage);
        await IsRefusedAsync();
        File.Copy(Copy, Database, overwrite: true);

        await WorksAgainAsync();
        Assert.Equal("ready", (await Aftermath.FindAsync(client, id)).State());
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replaced_by_an_empty_file_while_it_packs_every_request_is_answered(bool inPlace)
    {
        await Aftermath.NextExportWorksAsync(client, app.Folder);
        var running = await Aftermath.BuildingAsync(client, app.Folder);
        await IsWholeAsync();
        File.Copy(Database, Copy);

        if (!inPlace)
        {
            File.Delete(Database);
        }

        await File.WriteAllBytesAsync(Database, []);
        await IsRefusedAsync();
        File.Copy(Copy, Database, overwrite: true);

        await WorksAgainAsync();
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, running);
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
    }

    [Fact]
    public async Task A_database_that_can_only_be_read_is_not_ready()
    {
        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync()).Status);
        await using var connection = await ConnectAsync();
        await ExecuteAsync(
            connection, "CREATE TRIGGER refused BEFORE UPDATE ON schema_version BEGIN SELECT RAISE(ABORT, 'read-only'); END");
        await Eventually.HoldsAsync(async () => (await ReadyAsync()).Status == HttpStatusCode.ServiceUnavailable);

        await ExecuteAsync(connection, "DROP TRIGGER refused");
        await Eventually.HoldsAsync(async () => (await ReadyAsync()).Status == HttpStatusCode.OK);
    }

    /// <summary>Readiness, the API and pages say so, and nothing is recorded.</summary>
    private async Task IsRefusedAsync()
    {
        app.AddVideo("refused.mp4");
        var refused = await app.PostExportAsync(client, new { paths = new[] { "refused.mp4" } });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("database-unavailable", problem.GetProperty("code").GetString());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/exports");
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        var page = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("<h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await Eventually.HoldsAsync(async () => (await ReadyAsync()).Status == HttpStatusCode.ServiceUnavailable);
        var (_, report) = await ReadyAsync();
        var check = report.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "database");
        Assert.Equal("database-file-unavailable", check.GetProperty("code").GetString());
    }

    private async Task WorksAgainAsync()
    {
        await Eventually.HoldsAsync(async () => (await ReadyAsync()).Status == HttpStatusCode.OK);
        await Aftermath.NextExportWorksAsync(client, app.Folder);
    }

    private async Task<(HttpStatusCode Status, JsonElement Report)> ReadyAsync()
    {
        var response = await client.GetAsync("/healthz/ready");
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<string> PackAsync(string path)
    {
        app.AddVideo(path, seed: path[0]);
        var id = await Aftermath.RequestAsync(client, new { paths = new[] { path } });
        Assert.Equal("ready", (await ExportApp.EndOfAsync(client, id)).State());
        return id;
    }

    /// <summary>Waits until the file alone has everything.</summary>
    private Task IsWholeAsync() => Eventually.HoldsAsync(() => new FileInfo(Database + "-wal").Length == 0);

    private async Task<SqliteConnection> ConnectAsync()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
