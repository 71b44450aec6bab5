using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace HeyGemExport.Data;

/// <summary>SQLite lets one write at a time. Those of this process wait here, without a thread and in their order: SQLite would have each
/// of them sleep and try again, so that one who writes much keeps the others out.</summary>
internal sealed class SqliteWriters(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim alone = new(1, 1);

    /// <exception cref="DatabaseUnavailableException">Those before take too long.</exception>
    public async Task<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        return await alone.WaitAsync(SqliteFile.Patience, cancellationToken)
            ? new(alone, SqliteFile.Patience - time.GetElapsedTime(begun))
            : throw new DatabaseUnavailableException("other writers take too long.");
    }

    public void Dispose() => alone.Dispose();

    /// <param name="left">How long to wait for writers of other processes.</param>
    public sealed class Turn(SemaphoreSlim alone, TimeSpan left) : IDisposable
    {
        public void LimitPatience(DbConnection connection) =>
            ((SqliteConnection)connection).DefaultTimeout = Math.Max(1, (int)left.TotalSeconds);

        public void Dispose()
        {
            try
            {
                alone.Release();
            }
            catch (ObjectDisposedException)
            {
                // The host has stopped meanwhile, and nobody waits any more.
            }
        }
    }
}
