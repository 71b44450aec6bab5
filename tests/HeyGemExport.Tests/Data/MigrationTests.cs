using System.Globalization;
using Dapper;
using HeyGemExport.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Tests.Data;

/// <summary>How the schema comes into a database, whichever the engine.</summary>
public abstract class MigrationTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private string connectionString = "";

    public async Task InitializeAsync() => connectionString = await NewDatabaseAsync();

    public Task DisposeAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }

    [DatabaseFact]
    public async Task Openers_that_come_at_the_same_time_apply_each_script_once()
    {
        // Each database stands for a host of its own.
        var databases = Enumerable.Range(0, 6).Select(_ => Open()).ToList();

        await Task.WhenAll(databases.SelectMany(database => new[] { TouchAsync(database), TouchAsync(database) }));

        await using var connection = await databases[0].OpenAsync(default);
        var versions = (await connection.QueryAsync<long>("SELECT version FROM schema_version ORDER BY version")).ToList();
        Assert.Equal(Scripts, versions);
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [DatabaseFact]
    public async Task A_later_start_keeps_what_is_there()
    {
        await using (var first = Open())
        {
            await using var connection = await first.OpenAsync(default);
            await connection.ExecuteAsync(
                "INSERT INTO audit (id, at, action, who, from_address, outcome) VALUES ('1', 2, 'export-ready', '王', '-', 'ok')");
        }

        await using var second = Open();
        await using var again = await second.OpenAsync(default);

        Assert.Equal("王", await again.ExecuteScalarAsync<string>("SELECT who FROM audit"));
    }

    [DatabaseFact]
    public async Task A_transaction_that_is_given_up_leaves_nothing()
    {
        await using var database = Open();
        await using var connection = await database.OpenAsync(default);
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync("INSERT INTO schema_version (version) VALUES (9999)", transaction: transaction);
        }

        Assert.Equal(Scripts, await connection.QueryAsync<long>("SELECT version FROM schema_version ORDER BY version"));
    }

    /// <summary>An empty database's connection string; empty for the default.</summary>
    protected abstract Task<string> NewDatabaseAsync();

    private static IReadOnlyList<long> Scripts { get; } =
    [
        .. typeof(Database).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => long.Parse(name.Split('.')[^2].AsSpan(0, 4), CultureInfo.InvariantCulture))
            .Order(),
    ];

    private static async Task TouchAsync(Database database)
    {
        await using var connection = await database.OpenAsync(default);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM exports"));
    }

    private Database Open() => new(
        new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create<string, string?>("ConnectionStrings:Database", connectionString)]).Build(),
        Options.Create(new DataOptions { Path = folder["data"] }),
        new HostingEnvironment { ContentRootPath = folder.FullPath }, new HttpContextAccessor(), TimeProvider.System);
}

public sealed class SqliteMigrationTests : MigrationTests
{
    protected override Task<string> NewDatabaseAsync() => Task.FromResult("");
}

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlMigrationTests(PostgreSqlServer server) : MigrationTests
{
    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();
}
