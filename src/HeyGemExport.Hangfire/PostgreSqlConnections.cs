using Hangfire.PostgreSql;
using Npgsql;

namespace HeyGemExport.Jobs;

/// <summary>Hangfire's connections to PostgreSQL, in a pool that ends with the host; Hangfire's own would outlive it.</summary>
internal sealed class PostgreSqlConnections : IConnectionFactory, IDisposable
{
    // Beside those of the records: workers hold none while they pack.
    private const int MaxConnections = 20;

    private readonly NpgsqlDataSource source;

    /// <summary>Reads the connection string; connects to nothing.</summary>
    public PostgreSqlConnections(IConfiguration configuration) => source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("Database")) { MaxPoolSize = MaxConnections });

    /// <inheritdoc/>
    public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
