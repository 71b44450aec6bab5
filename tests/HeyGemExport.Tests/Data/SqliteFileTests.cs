using Dapper;
using HeyGemExport.Data;
using SQLitePCL;

namespace HeyGemExport.Tests.Data;

/// <summary>What happens to the file between the moment when it is written into and the look at it that follows.</summary>
public sealed class SqliteFileTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly SqliteFile file;

    public SqliteFileTests() => file = new SqliteFile(folder.FullPath, TimeProvider.System);

    public static TheoryData<string> Changes => ["deleted", "emptied", "replaced by an empty one", "replaced by a copy"];

    public async Task InitializeAsync()
    {
        file.Prepare();
        await using var connection = await file.ConnectAsync(default);
        await connection.ExecuteAsync("PRAGMA journal_mode = WAL; CREATE TABLE schema_version (version INTEGER)");
        file.Accept();
    }

    public Task DisposeAsync()
    {
        file.Close();
        folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_checkpoint_alone_leaves_it_known()
    {
        await using var connection = await file.ConnectAsync(default);
        await connection.ExecuteAsync("INSERT INTO schema_version VALUES (1)");

        Assert.True(file.Checkpoint(connection));

        Assert.True(file.IsUnchanged);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_somebody_does_during_a_checkpoint_is_not_taken_for_its_work(string change)
    {
        await using var connection = await file.ConnectAsync(default);
        await connection.ExecuteAsync("INSERT INTO schema_version VALUES (1)");
        raw.sqlite3_profile(
            connection.Handle,
            (_, sql, _) =>
            {
                if (sql.utf8_to_string().Contains("TRUNCATE", StringComparison.Ordinal))
                {
                    Do(change);
                }
            },
            null);

        file.Checkpoint(connection);

        Assert.False(file.IsUnchanged);
        if (change != "replaced by a copy")
        {
            // It would otherwise be made anew.
            Assert.Throws<IOException>(file.Prepare);
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_somebody_does_while_it_is_looked_through_is_not_accepted(string change)
    {
        file.Prepare();
        Do(change);

        Assert.Throws<IOException>(file.Accept);

        Assert.False(file.IsUnchanged);
    }

    [Fact]
    public async Task A_file_that_is_damaged_where_nobody_reads_is_not_accepted()
    {
        await using (var connection = await file.ConnectAsync(default))
        {
            await connection.ExecuteAsync(
                """
                CREATE TABLE other (text TEXT);
                WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 5000)
                INSERT INTO other SELECT hex(randomblob(50)) FROM numbers;
                """);
            Assert.True(file.Checkpoint(connection));
        }

        var content = await File.ReadAllBytesAsync(file.Path);
        content.AsSpan(content.Length / 2, 4096).Fill(0xFF);
        await File.WriteAllBytesAsync(file.Path, content);
        file.Prepare();
        await using var again = await file.ConnectAsync(default);

        var refused = await Assert.ThrowsAsync<IOException>(() => file.VerifyAsync(again));

        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.False(file.IsUnchanged);
    }

    private void Do(string change)
    {
        switch (change)
        {
            case "deleted":
                File.Delete(file.Path);
                break;
            case "emptied":
                File.WriteAllBytes(file.Path, []);
                break;
            case "replaced by an empty one":
                File.Delete(file.Path);
                File.WriteAllBytes(file.Path, []);
                break;
            default:
                File.Copy(file.Path, file.Path + ".copy");
                File.Move(file.Path + ".copy", file.Path, overwrite: true);
                break;
        }
    }
}
