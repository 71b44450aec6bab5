using System.Data.Common;
using Npgsql;

namespace HeyGemExport.Data;

/// <summary>The only class that names the driver: a node with SQLite never loads it, which saves some megabytes.</summary>
internal static class PostgreSql
{
    // The driver's default of 100 is all that a PostgreSQL server allows in total by default.
    private const int MaxConnections = 20;

    private const string Channel = "heygem_export";

    /// <summary>The time by the server's clock, as records keep times.</summary>
    public const string Now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    public const string UniqueViolation = PostgresErrorCodes.UniqueViolation;
    public const string ReadOnlyTransaction = PostgresErrorCodes.ReadOnlySqlTransaction;

    /// <summary>No statement changes a setting of its session, which would have to be put back by another one each time.</summary>
    public static DbDataSource Open(string connection) =>
        NpgsqlDataSource.Create($"Maximum Pool Size={MaxConnections};No Reset On Close=true;{connection}");

    /// <summary>Tells all nodes, in an expression of SQL, once the transaction is committed.</summary>
    /// <param name="signal">Up to 8000 bytes, as SQL.</param>
    public static string Tell(string signal) => $"pg_notify('{Channel}', {signal})";

    /// <summary>Hears what is told until the connection breaks.</summary>
    public static async Task ListenAsync(string connection, Action began, Action<string> heard, CancellationToken cancellationToken)
    {
        await using var listener = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection)
        {
            Pooling = false,

            // A server that has gone without a word is noticed in less than a minute.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 20,
            TcpKeepAliveInterval = 3,
        }.ToString());
        listener.Notification += (_, notification) => heard(notification.Payload);
        await listener.OpenAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand("LISTEN " + Channel, listener))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        began();
        while (true)
        {
            await listener.WaitAsync(cancellationToken);
        }
    }

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
