using System.Data.Common;
using System.Reflection;
using Dapper;

namespace HeyGemExport.Data;

internal static class Migrations
{
    /// <summary>Any number that no other user of the same PostgreSQL database takes.</summary>
    private const long AdvisoryLock = 0x4865_7947_656D;

    private const string Prefix = "HeyGemExport.Data.Migrations.";

    /// <summary>In one transaction, which waits for any other node that does the same.</summary>
    public static async Task ApplyAsync(DbConnection connection, bool isSqlite, CancellationToken cancellationToken)
    {
        if (isSqlite)
        {
            // Readers go on while the job writes its progress.
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");
        }

        // SQLite's transaction takes the write lock at once.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!isSqlite)
        {
            await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@AdvisoryLock)", new { AdvisoryLock }, transaction);
        }

        await connection.ExecuteAsync(
            "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)", transaction: transaction);
        var applied = (await connection.QueryAsync<long>("SELECT version FROM schema_version", transaction: transaction)).ToHashSet();
        foreach (var (version, script) in Scripts().Where(script => !applied.Contains(script.Version)))
        {
            await connection.ExecuteAsync(script, transaction: transaction);
            await connection.ExecuteAsync("INSERT INTO schema_version (version) VALUES (@version)", new { version }, transaction);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static IEnumerable<(long Version, string Script)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (long.Parse(name.AsSpan(Prefix.Length, 4), provider: null), Read(assembly, name)));
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
