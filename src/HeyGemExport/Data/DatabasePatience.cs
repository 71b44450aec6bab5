using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace HeyGemExport.Data;

/// <summary>Asks a database that is away again, for work whose loss would cost more than the wait.</summary>
internal static class DatabasePatience
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Asks until the database answers.</summary>
    /// <param name="ask">What is asked; may be asked more than once.</param>
    /// <param name="missed">Told each time that the database did not answer.</param>
    /// <param name="time">The clock of the pause between two attempts, a second.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DbException">The database answered with an error that does not pass.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, Action<Exception> missed, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (Passes(exception))
            {
                missed(exception);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Whether the fault may pass by itself or with an administrator's help, so that the same question is worth asking again.</summary>
    public static bool Passes(Exception exception) => exception switch
    {
        DatabaseUnavailableException => true,

        // https://www.sqlite.org/rescode.html: busy, locked, out of memory, read-only, I/O error, full, cannot open.
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 7 or 8 or 10 or 13 or 14,
        DbException postgres => postgres.IsTransient,
        _ => false,
    };
}
