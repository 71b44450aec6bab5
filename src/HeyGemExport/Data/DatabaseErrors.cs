using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace HeyGemExport.Data;

internal static class DatabaseErrors
{
    public static bool IsUnavailable(Exception exception) => exception is DbException or DatabaseUnavailableException;

    /// <summary>Whether a retry makes sense: it may pass by itself or with an administrator's help.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        DatabaseUnavailableException => true,

        // https://www.sqlite.org/rescode.html: busy, locked, out of memory, read-only, I/O error, corrupt, full, cannot open, not a
        // database. Also what a file says that was replaced by another one: no such table, or no such column.
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 26
            || (sqlite.SqliteErrorCode == 1 && sqlite.Message.Contains("no such ", StringComparison.Ordinal)),

        // A server that is a standby for a while: https://www.postgresql.org/docs/current/errcodes-appendix.html
        DbException postgres => postgres.IsTransient || postgres.SqlState is PostgreSql.ReadOnlyTransaction,
        _ => false,
    };

    public static bool IsDuplicate(Exception exception) => exception switch
    {
        // https://www.sqlite.org/rescode.html#constraint_unique
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode == 2067,
        DbException postgres => postgres.SqlState is PostgreSql.UniqueViolation,
        _ => false,
    };
}

internal static class DatabaseRetry
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>Once a second.</summary>
    /// <exception cref="DbException">An error that does not pass by itself.</exception>
    public static async Task<T> UntilAvailableAsync<T>(
        Func<Task<T>> operation, Action<Exception> onRetry, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (Exception exception) when (DatabaseErrors.IsTransient(exception))
            {
                onRetry(exception);
                await Task.Delay(Delay, time, cancellationToken);
            }
        }
    }
}
