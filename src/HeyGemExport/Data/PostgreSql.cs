using System.Data.Common;
using Npgsql;

namespace HeyGemExport.Data;

/// <summary>The only class that names the driver: a node with SQLite never loads it, which saves some megabytes.</summary>
internal static class PostgreSql
{
    // The driver's default of 100 is all that a PostgreSQL server allows in total by default.
    private const int MaxConnections = 40;

    /// <summary>The time by the server's clock, as records keep times.</summary>
    public const string Now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    public const string UniqueViolation = PostgresErrorCodes.UniqueViolation;
    public const string ReadOnlyTransaction = PostgresErrorCodes.ReadOnlySqlTransaction;

    public static DbDataSource Open(string connection) =>
        NpgsqlDataSource.Create($"Maximum Pool Size={MaxConnections};{connection}");

    public static string Location(string connection) =>
        new NpgsqlConnectionStringBuilder(connection) is var server ? $"{server.Host}:{server.Port}/{server.Database}" : "";

    /// <summary>Null when nothing is wrong. Names the keyword, never a value: passwords must not get into the log.</summary>
    public static string? Wrong(string connection)
    {
        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connection).Host) ? "Host is missing." : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return exception.Message;
        }
    }
}
