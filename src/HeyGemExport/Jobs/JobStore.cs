using Dapper;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.States;
using Npgsql;

namespace HeyGemExport.Jobs;

/// <summary>Where Hangfire keeps its jobs: in memory, or in PostgreSQL where the records are there. Ends with the host.</summary>
internal sealed class JobStore : IDisposable
{
    private static readonly string[] WaitingOrRunning = [EnqueuedState.StateName, ProcessingState.StateName];
    private static readonly string[] Live = [.. WaitingOrRunning, ScheduledState.StateName];

    private readonly PostgreSqlJobs? shared;

    /// <param name="engine">Unused, and asked for all the same: Hangfire's log provider and serializer have to be in place before a storage
    /// is made.</param>
    public JobStore(IGlobalConfiguration engine, IConfiguration configuration)
    {
        _ = engine;
        var connection = configuration.GetConnectionString("Database");
        shared = string.IsNullOrWhiteSpace(connection) ? null : new PostgreSqlJobs(connection);

        // Guids, since records remember the jobs of a former process, which must not be taken for those of this one.
        Storage = shared?.Storage ?? new InMemoryStorage(new InMemoryStorageOptions { IdType = InMemoryStorageIdType.Guid });
    }

    public JobStorage Storage { get; }

    /// <summary>How often Hangfire looks for jobs whose time has come; a database should not be asked as often as memory.</summary>
    public TimeSpan SchedulePollingInterval => TimeSpan.FromSeconds(shared is null ? 2 : 15);

    public static bool IsWaitingOrRunning(string state) => WaitingOrRunning.Contains(state);

    /// <summary>Null when the job is not kept any more.</summary>
    public string? StateOf(string job)
    {
        using var connection = Storage.GetConnection();
        return connection.GetStateData(job)?.Name;
    }

    /// <summary>Which of these jobs wait, run, or are scheduled.</summary>
    public IReadOnlySet<string> FindLive(IReadOnlyCollection<string> jobs) =>
        jobs.Count == 0 ? new HashSet<string>(StringComparer.Ordinal) : shared?.FindLive(jobs)
            ?? jobs.Where(job => StateOf(job) is { } state && Live.Contains(state)).ToHashSet(StringComparer.Ordinal);

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
            pool = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection)
            {
                MaxPoolSize = MaxConnections,

                // Hangfire changes no setting of a session that would have to be put back, with a statement each time.
                NoResetOnClose = true,
            });
            Storage = new PostgreSqlStorage(new Connections(pool), new PostgreSqlStorageOptions
            {
                SchemaName = "hangfire",
                UseSlidingInvisibilityTimeout = true,
                InvisibilityTimeout = JobRecords.Lease,

                // New jobs are announced by NOTIFY; the poll finds those whose worker is gone.
                EnableLongPolling = true,
                QueuePollInterval = TimeSpan.FromSeconds(8),

                // What a killed process leaves locked holds up everybody for so long. Hangfire holds its locks for milliseconds.
                DistributedLockTimeout = TimeSpan.FromSeconds(10),

                // The app starts without its database too, and recovers when that is there.
                AllowDegradedModeWithoutStorage = true,
                StartupConnectionMaxRetries = 1,
                StartupConnectionBaseDelay = TimeSpan.FromMilliseconds(100),
            });
        }

        public JobStorage Storage { get; }

        /// <summary>In one statement, however many there are.</summary>
        public HashSet<string> FindLive(IReadOnlyCollection<string> jobs)
        {
            using var connection = pool.OpenConnection();
            return connection.Query<string>(
                "SELECT CAST(id AS TEXT) FROM hangfire.job WHERE id = ANY(@Ids) AND statename = ANY(@Live)",
                new
                {
                    Ids = jobs.Select(job => long.Parse(job, CultureInfo.InvariantCulture)).ToArray(),
                    Live,
                }).ToHashSet(StringComparer.Ordinal);
        }

        public void Dispose() => pool.Dispose();

        private sealed class Connections(NpgsqlDataSource pool) : IConnectionFactory
        {
            public NpgsqlConnection GetOrCreateConnection() => pool.CreateConnection();
        }
    }
}
