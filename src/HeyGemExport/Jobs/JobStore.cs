using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Npgsql;

namespace HeyGemExport.Jobs;

/// <summary>Where Hangfire keeps its jobs: in memory, or in PostgreSQL where the records are there. Ends with the host.</summary>
internal sealed class JobStore : IDisposable
{
    private readonly PostgreSqlJobs? shared;

    /// <param name="engine">Unused, and asked for all the same: Hangfire's log provider and serializer have to be in place before a storage
    /// is made.</param>
    public JobStore(IGlobalConfiguration engine, IConfiguration configuration)
    {
        _ = engine;
        var connection = configuration.GetConnectionString("Database");
        shared = string.IsNullOrWhiteSpace(connection) ? null : new PostgreSqlJobs(connection);
        Storage = shared?.Storage ?? new InMemoryStorage();
    }

    public JobStorage Storage { get; }

    /// <summary>How often Hangfire looks for jobs whose time has come; a database should not be asked as often as memory.</summary>
    public TimeSpan SchedulePollingInterval => TimeSpan.FromSeconds(shared is null ? 2 : 15);

    public void Dispose() => shared?.Dispose();

    /// <summary>Hangfire's jobs in PostgreSQL, over connections of a pool that ends with the host; Hangfire's own would outlive it. A class
    /// of its own, so that a node whose records are in SQLite never loads the driver.</summary>
    private sealed class PostgreSqlJobs : IDisposable
    {
        // Beside those of the records: workers hold none while they pack.
        private const int MaxConnections = 20;

        private readonly NpgsqlDataSource pool;

        public PostgreSqlJobs(string connection)
        {
            pool = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = MaxConnections });
            Storage = new PostgreSqlStorage(new Connections(pool), new PostgreSqlStorageOptions
            {
                SchemaName = "hangfire",
                UseSlidingInvisibilityTimeout = true,

                // As long as a claim on a record holds without a heartbeat: then both give the work to another worker.
                InvisibilityTimeout = JobRecords.HeartbeatTimeout,

                // New jobs are announced by NOTIFY; the poll finds what an announcement missed.
                EnableLongPolling = true,
                QueuePollInterval = TimeSpan.FromSeconds(30),

                // The app starts without its database too, and recovers when that is there.
                AllowDegradedModeWithoutStorage = true,
                StartupConnectionMaxRetries = 1,
                StartupConnectionBaseDelay = TimeSpan.FromMilliseconds(100),
            });
        }

        public JobStorage Storage { get; }

        public void Dispose() => pool.Dispose();

        private sealed class Connections(NpgsqlDataSource pool) : IConnectionFactory
        {
            public NpgsqlConnection GetOrCreateConnection() => pool.CreateConnection();
        }
    }
}
