using System.Data;
using Dapper;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.States;
using Hangfire.Storage;
using HeyGemExport.Data;
using Npgsql;

namespace HeyGemExport.Jobs;

/// <summary>Where Hangfire keeps its jobs: in memory, or in PostgreSQL where the records are there. Ends with the host.</summary>
internal sealed class JobStore : IDisposable
{
    private static readonly string[] WaitingOrRunning = [EnqueuedState.StateName, ProcessingState.StateName];
    private static readonly string[] Live = [.. WaitingOrRunning, ScheduledState.StateName];

    private readonly PostgreSqlJobs? shared;

    /// <summary>As a topic, says which queue has a new job; as sets of Hangfire, the others have the jobs whose time comes.</summary>
    private const string QueueTopic = "queue";
    private const string Scheduled = "schedule";
    private const string Recurring = "recurring-jobs";

    /// <param name="engine">Unused, and asked for all the same: Hangfire's log provider and serializer have to be in place before a storage
    /// is made.</param>
    public JobStore(
        IGlobalConfiguration engine, IConfiguration configuration, IEnumerable<JobServerRegistration> servers, JobIntake intake,
        Signals signals)
    {
        _ = engine;
        var connection = configuration.GetConnectionString("Database");
        shared = string.IsNullOrWhiteSpace(connection) ? null
            : new PostgreSqlJobs(connection, servers.Select(server => server.Queue), intake);
        if (shared is not null)
        {
            signals.Heard += (topic, queue) => shared.Wake(topic is QueueTopic ? queue : "");
        }

        // Guids, since records remember the jobs of a former process, which must not be taken for those of this one.
        Storage = shared?.Storage ?? new InMemoryStorage(new InMemoryStorageOptions { IdType = InMemoryStorageIdType.Guid });
    }

    public JobStorage Storage { get; }

    /// <summary>How often Hangfire looks for jobs whose time has come: in PostgreSQL rarely, since <see cref="JobPoll"/> does.</summary>
    public TimeSpan SchedulePollingInterval => TimeSpan.FromSeconds(shared is null ? 2 : 600);

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

    /// <summary>Wakes workers for what nobody has told them of, such as the job of a worker that is gone.</summary>
    /// <returns>Whether the time of scheduled and of recurring jobs has come.</returns>
    public (bool Scheduled, bool Recurring) WakeForDue()
    {
        var due = shared?.FindDue() ?? [];
        due.ForEach(queue => shared!.Wake(queue));
        return (due.Contains(Scheduled), due.Contains(Recurring));
    }

    public void Dispose() => shared?.Dispose();

    /// <summary>Hangfire's jobs in PostgreSQL, over connections of a pool that ends with the host; Hangfire's own would outlive it. A class
    /// of its own, so that a node whose records are in SQLite never loads the driver.</summary>
    private sealed class PostgreSqlJobs : IDisposable
    {
        // Beside those of the records: workers hold none while they pack.
        private const int MaxConnections = 10;

        private readonly NpgsqlDataSource pool;
        private readonly Dictionary<string, SignalledQueue> queues = new(StringComparer.Ordinal);

        public PostgreSqlJobs(string connection, IEnumerable<string> names, JobIntake intake)
        {
            pool = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection)
            {
                MaxPoolSize = MaxConnections,

                // Hangfire changes no setting of a session that would have to be put back, with a statement each time.
                NoResetOnClose = true,
            });
            var storage = new PostgreSqlStorage(new Connections(pool), new PostgreSqlStorageOptions
            {
                SchemaName = "hangfire",
                UseSlidingInvisibilityTimeout = true,
                InvisibilityTimeout = JobRecords.Lease,

                // Workers are woken. Hangfire's long polling would take a connection for each, and wake all of them for each job.
                QueuePollInterval = TimeSpan.FromMinutes(10),

                // What a killed process leaves locked holds up everybody for so long. Hangfire holds its locks for milliseconds.
                DistributedLockTimeout = TimeSpan.FromSeconds(10),

                // The app starts without its database too, and recovers when that is there.
                AllowDegradedModeWithoutStorage = true,
                StartupConnectionMaxRetries = 1,
                StartupConnectionBaseDelay = TimeSpan.FromMilliseconds(100),
            });
            foreach (var name in names)
            {
                queues[name] = new SignalledQueue(name, storage, intake);
                storage.QueueProviders.Add(queues[name], [name]);
            }

            Storage = storage;
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

        /// <summary>In one statement: the queues that have a job for a worker, and the sets that have one whose time has come.</summary>
        public List<string> FindDue()
        {
            using var connection = pool.OpenConnection();
            return connection.Query<string>(
                """
                SELECT queue FROM hangfire.jobqueue WHERE fetchedat IS NULL OR fetchedat < NOW() - @Lease
                UNION
                SELECT key FROM hangfire.set WHERE key IN (@Scheduled, @Recurring) AND score BETWEEN 0 AND EXTRACT(EPOCH FROM NOW())
                """,
                new { JobRecords.Lease, Scheduled, Recurring }).AsList();
        }

        public void Wake(string queue) => queues.GetValueOrDefault(queue)?.Wake();

        public void Dispose() => pool.Dispose();

        /// <summary>Tells all nodes of a new job, and has one worker look for it, who wakes the next one when there was a job.</summary>
        private sealed class SignalledQueue(string name, PostgreSqlStorage storage, JobIntake intake)
            : IPersistentJobQueueProvider, IPersistentJobQueue, IPersistentJobQueueMonitoringApi
        {
            private readonly PostgreSqlJobQueue queue = new(storage);
            private readonly IPersistentJobQueueMonitoringApi monitoring =
                storage.QueueProviders.GetProvider("").GetJobQueueMonitoringApi();

            public IPersistentJobQueue GetJobQueue() => this;

            public IPersistentJobQueueMonitoringApi GetJobQueueMonitoringApi() => this;

            public IFetchedJob Dequeue(string[] queues, CancellationToken cancellationToken)
            {
                while (true)
                {
                    intake.Wait(name, cancellationToken);
                    var job = queue.Dequeue(queues, cancellationToken);
                    if (intake.IsOpen(name))
                    {
                        Wake();
                        return job;
                    }

                    job.Requeue();
                    job.Dispose();
                }
            }

            public void Enqueue(IDbConnection connection, string queue, string jobId)
            {
                this.queue.Enqueue(connection, queue, jobId);
                connection.Execute($"SELECT CAST({PostgreSql.Tell($"'{QueueTopic} ' || @queue")} AS TEXT)", new { queue });
            }

            public void Wake()
            {
                if (intake.IsOpen(name))
                {
                    queue.FetchNextJob();
                }
            }

            /// <summary>Hangfire's own provider lists all queues, of which this one has one.</summary>
            public IEnumerable<string> GetQueues() => [];

            public IEnumerable<long> GetEnqueuedJobIds(string queue, int from, int perPage) =>
                monitoring.GetEnqueuedJobIds(queue, from, perPage);

            public IEnumerable<long> GetFetchedJobIds(string queue, int from, int perPage) =>
                monitoring.GetFetchedJobIds(queue, from, perPage);

            public EnqueuedAndFetchedCountDto GetEnqueuedAndFetchedCount(string queue) => monitoring.GetEnqueuedAndFetchedCount(queue);
        }

        private sealed class Connections(NpgsqlDataSource pool) : IConnectionFactory
        {
            public NpgsqlConnection GetOrCreateConnection() => pool.CreateConnection();
        }
    }
}
