using System.Data.Common;
using Npgsql;

namespace HeyGemExport.Data;

/// <summary>
/// The one place that speaks to PostgreSQL's driver by name: a node whose records are in SQLite never loads it, which spares
/// a small server some megabytes.
/// </summary>
internal static class PostgreSql
{
    private const int MaxConnections = 40;

    /// <summary>The error code of a row that a unique index has already.</summary>
    public const string UniqueViolation = PostgresErrorCodes.UniqueViolation;

    /// <summary>A pool of connections; connects to nothing yet.</summary>
    public static DbDataSource Open(string connection) => NpgsqlDataSource.Create(Bounded(connection));

    /// <summary>Server and database, without secrets.</summary>
    public static string Location(string connection) =>
        new NpgsqlConnectionStringBuilder(connection) is var server ? $"{server.Host}:{server.Port}/{server.Database}" : "";

    /// <summary>What is wrong with a connection string; null when nothing is. Names the keyword, never a value: no password gets into the log.</summary>
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

    // Left to itself one node takes 100, which is all that a PostgreSQL server gives to everybody together by default.
    private static string Bounded(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        if (!settings.ShouldSerialize("Maximum Pool Size"))
        {
            settings.MaxPoolSize = MaxConnections;
        }

        return settings.ToString();
    }
}
