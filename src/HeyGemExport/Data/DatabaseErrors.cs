using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace HeyGemExport.Data;

/// <summary>Tells the database's faults from others.</summary>
internal static class DatabaseErrors
{
    /// <summary>Whether the exception says that the database does not answer, and not that the program is wrong.</summary>
    public static bool IsUnavailable(Exception exception) => exception is DbException or DatabaseUnavailableException;

    /// <summary>Whether the exception says that a unique index has such a row already.</summary>
    public static bool IsDuplicate(Exception exception) => exception switch
    {
        // https://www.sqlite.org/rescode.html#constraint_unique
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode == 2067,
        DbException postgres => postgres.SqlState is PostgreSql.UniqueViolation,
        _ => false,
    };
}
