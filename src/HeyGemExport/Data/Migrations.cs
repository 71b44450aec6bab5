using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;

namespace HeyGemExport.Data;

internal static partial class Migrations
{
    /// <summary>Any number that no other user of the same PostgreSQL database takes.</summary>
    private const long AdvisoryLock = 0x4865_7947_656D;

    private const string Prefix = "HeyGemExport.Data.Migrations.";

    /// <summary>In one transaction, which waits for any other node that does the same.</summary>
    /// <exception cref="SchemaTooNewException">A newer program has changed the schema in a way that this one does not
    /// understand.</exception>
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
        // All columns: the second is younger than the table.
        var applied = (await connection.QueryAsync<AppliedVersion>("SELECT * FROM schema_version", transaction: transaction))
            .ToDictionary(row => row.Version);
        var scripts = Scripts().ToList();
        RefuseNewer(applied.Values, scripts[^1].Version);
        foreach (var (version, script) in scripts.Where(script => !applied.ContainsKey(script.Version)))
        {
            await connection.ExecuteAsync(script, transaction: transaction);
            await connection.ExecuteAsync("INSERT INTO schema_version (version) VALUES (@version)", new { version }, transaction);
            if (OldestProgram().Match(script) is { Success: true } declared)
            {
                var oldest = long.Parse(declared.Groups["version"].ValueSpan, CultureInfo.InvariantCulture);
                await connection.ExecuteAsync(
                    "UPDATE schema_version SET oldest_program = @oldest WHERE version = @version", new { version, oldest }, transaction);
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static void RefuseNewer(IEnumerable<AppliedVersion> applied, long known)
    {
        var newer = applied.Where(row => row.Version > known).ToList();
        if (newer.Exists(row => row.OldestProgram is not { } oldest || oldest > known))
        {
            throw new SchemaTooNewException(newer.Max(row => row.Version), known);
        }
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

    /// <summary>A script that only adds, so that the program before it goes on working while nodes are upgraded one after the other, has
    /// this line.</summary>
    [GeneratedRegex(
        "^-- oldest program: (?<version>[0-9]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OldestProgram();

    private sealed class AppliedVersion
    {
        public long Version { get; init; }

        /// <summary>The schema of the oldest program that works with this version; null when only its own does.</summary>
        public long? OldestProgram { get; init; }
    }
}

internal sealed class SchemaTooNewException(long version, long known)
    : DatabaseUnavailableException($"it has schema {version}, and this program knows up to {known}.")
{
    public long Version => version;

    public long Known => known;
}
