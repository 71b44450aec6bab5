using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace HeyGemExport.Tests.Faults;

/// <summary>Somebody else holds the database, as a backup or an administrator's shell does.</summary>
public sealed class LockedDatabaseTests : IDisposable
{
    private readonly ExportApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_lock_of_a_moment_is_waited_for_and_readers_do_not_notice()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        await Aftermath.NextExportWorksAsync(client, app.Folder);
        Task<HttpResponseMessage> asked;
        await using (await LockAsync())
        {
            asked = app.PostExportAsync(client, new { paths = new[] { "a.mp4" } });
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/exports")).StatusCode);
            Assert.False(asked.IsCompleted);
        }

        var id = (await (await asked).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, id);
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
    }

    [Fact]
    public async Task A_lock_that_outlasts_the_command_timeout_refuses_new_exports_and_does_not_lose_the_running_one()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var running = await Aftermath.BuildingAsync(client, app.Folder);
        await using (await LockAsync())
        {
            var refused = await app.PostExportAsync(client, new { paths = new[] { "a.mp4" } });
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("database-unavailable", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        await Aftermath.NextExportEndedWellAsync(client, app.Folder, running);
        await Aftermath.NextExportWorksAsync(client, app.Folder);
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
    }

    /// <summary>Holds the database for writing until it is disposed.</summary>
    private async Task<SqliteConnection> LockAsync()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(app.Data, "heygem-export.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
