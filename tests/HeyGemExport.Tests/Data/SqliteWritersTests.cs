using HeyGemExport.Data;

namespace HeyGemExport.Tests.Data;

/// <summary>Those who write at the same time.</summary>
public sealed class SqliteWritersTests : IDisposable
{
    private readonly ExportApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task They_wait_for_a_long_transaction_without_a_thread_and_in_their_order()
    {
        var database = app.Get<Database>();
        await database.ExecuteAsync("CREATE TABLE written (number INTEGER)", parameters: null, default);
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = database.InTransactionAsync(
            async session =>
            {
                begun.SetResult();
                await release.Task;
                return await session.ExecuteAsync("INSERT INTO written VALUES (0)");
            },
            default);
        await begun.Task;

        // On this thread: one that waited with it would not come back before the transaction ends.
        var others = Enumerable.Range(1, 50)
            .Select(number => database.ExecuteAsync("INSERT INTO written VALUES (@number)", new { number }, default))
            .ToList();
        Assert.All(others, other => Assert.False(other.IsCompleted));
        Assert.Empty(await database.QueryAsync<long>("SELECT number FROM written", parameters: null, default));
        release.SetResult();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(
            Enumerable.Range(0, 51).Select(number => (long)number),
            await database.QueryAsync<long>("SELECT number FROM written ORDER BY rowid", parameters: null, default));
    }

    [Fact]
    public async Task One_whose_file_is_taken_away_meanwhile_has_not_written()
    {
        var database = app.Get<Database>();
        await database.ExecuteAsync("CREATE TABLE written (number INTEGER)", parameters: null, default);
        var (path, aside) = (Path.Combine(app.Data, "heygem-export.db"), app.Folder["aside.db"]);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.InTransactionAsync(
            async session =>
            {
                var changed = await session.ExecuteAsync("INSERT INTO written VALUES (0)");
                File.Move(path, aside);
                return changed;
            },
            default));

        File.Move(aside, path);
    }

    [Fact]
    public async Task One_that_fails_or_is_given_up_lets_the_next_one_write()
    {
        var database = app.Get<Database>();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => database.InTransactionAsync<int>(_ => throw new InvalidOperationException(), default));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => database.ExecuteAsync("UPDATE schema_version SET version = version", parameters: null, cancelled.Token));

        Assert.True(await database.ExecuteAsync("UPDATE schema_version SET version = version", parameters: null, default) > 0);
    }
}
