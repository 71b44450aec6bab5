using Hangfire;
using Hangfire.PostgreSql;
using HeyGemExport.Exports;
using Npgsql;

namespace HeyGemExport.Jobs;

/// <summary>Hangfire's jobs in PostgreSQL, over connections of a pool that ends with the host; Hangfire's own would outlive it.</summary>
internal sealed class PostgreSqlJobs : IDisposable
{
    // Beside those of the records: workers hold none while they pack.
    private const int MaxConnections = 20;

    // As long as a worker's claim on a record holds without a heartbeat: then both give the job to another worker.
    private static readonly TimeSpan LostWorkerTimeout = ExportTransitions.HeartbeatTimeout;

    private readonly NpgsqlDataSource pool;

    /// <summary>Reads the connection string; connects to nothing.</summary>
    public PostgreSqlJobs(string connection)
    {
        pool = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = MaxConnections });
        Storage = new PostgreSqlStorage(new Connections(pool), new PostgreSqlStorageOptions
        {
            SchemaName = "hangfire",
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = LostWorkerTimeout,
            QueuePollInterval = TimeSpan.FromSeconds(1),

            // The app begins without its database too, and goes on when that is there.
            AllowDegradedModeWithoutStorage = true,
            StartupConnectionMaxRetries = 1,
            StartupConnectionBaseDelay = TimeSpan.FromMilliseconds(100),
        });
    }

    /// <summary>The storage that the engine works with.</summary>
    public JobStorage Storage { get; }

    public void Dispose() => pool.Dispose();

    private sealed class Connections(NpgsqlDataSource pool) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => pool.CreateConnection();
    }
}
