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

        // https://www.sqlite.org/rescode.html: busy, locked, out of memory, read-only, I/O error, full, cannot open.
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 7 or 8 or 10 or 13 or 14,
        DbException postgres => postgres.IsTransient,
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
