using Hangfire;
using Hangfire.InMemory;

namespace HeyGemExport.Jobs;

/// <summary>Where Hangfire keeps its jobs: in memory, or in PostgreSQL where the records are there. Ends with the host.</summary>
internal sealed class HangfireStorage : IDisposable
{
    private readonly PostgreSqlJobs? shared;

    /// <summary>Reads the settings; connects to nothing.</summary>
    /// <param name="engine">Unused, and asked for all the same: Hangfire's log provider and serializer have to be in place before a storage is made.</param>
    /// <param name="configuration">Says where the records are.</param>
    public HangfireStorage(IGlobalConfiguration engine, IConfiguration configuration)
    {
        _ = engine;
        var connection = configuration.GetConnectionString("Database");
        shared = string.IsNullOrWhiteSpace(connection) ? null : new PostgreSqlJobs(connection);
        Jobs = shared?.Storage ?? new InMemoryStorage();
    }

    /// <summary>The storage that the engine works with.</summary>
    public JobStorage Jobs { get; }

    public void Dispose() => shared?.Dispose();
}
