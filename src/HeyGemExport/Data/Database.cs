using System.Data.Common;
using Dapper;
using HeyGemExport.Hosting;
using Microsoft.Data.Sqlite;

namespace HeyGemExport.Data;

/// <summary>A database that cannot be opened at start is tried again by each later connection; the first brings it up to date.</summary>
internal sealed class Database : IAsyncDisposable
{
    private const string FileName = "heygem-export.db";

    private readonly DbDataSource? postgres;
    private readonly string? listening;
    private readonly string folder;
    private readonly string sqlite;
    private readonly SemaphoreSlim migration = new(1, 1);
    private readonly RequestPatience patience;
    private volatile bool migrated;

    public Database(
        IConfiguration configuration, IOptions<DataOptions> options, IHostEnvironment environment, IHttpContextAccessor requests,
        TimeProvider time)
    {
        patience = new(requests, time);
        folder = Path.GetFullPath(options.Value.Path, environment.ContentRootPath);
        sqlite = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, FileName),
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString();

        if (configuration.GetConnectionString("Database") is { Length: > 0 } connection)
        {
            postgres = PostgreSql.Open(connection);
            listening = configuration.GetConnectionString("Listen") is { Length: > 0 } direct ? direct : connection;
        }
    }

    /// <summary>A file of this node alone; otherwise PostgreSQL, a server that several nodes may share.</summary>
    public bool IsSqlite => postgres is null;

    /// <summary>The present time as SQL, in milliseconds: that of the database where nodes share it, since their clocks differ, and
    /// <c>@Now</c>
    /// where there is one node.</summary>
    public string Clock => IsSqlite ? "@Now" : "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    /// <summary>Tells all nodes of each changed row, as the end of a statement; nothing with SQLite.</summary>
    /// <param name="row">As SQL.</param>
    public string Telling(string topic, string row) => IsSqlite ? "" : "RETURNING " + PostgreSql.Tell($"'{topic} ' || {row}");

    /// <summary>Hears what is told, until the connection breaks.</summary>
    public Task ListenAsync(Action began, Action<string> heard, CancellationToken cancellationToken) =>
        PostgreSql.ListenAsync(listening!, began, heard, cancellationToken);

    /// <summary>That a column has one of the values of a parameter, as SQL.</summary>
    public string IsOneOf(string parameter) => IsSqlite ? $"IN {parameter}" : $"= ANY({parameter})";

    /// <exception cref="DatabaseUnavailableException">The database cannot be opened now.</exception>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!migrated)
            {
                await MigrateAsync(cancellationToken);
            }

            return await ConnectAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw new DatabaseUnavailableException(exception.Message, exception);
        }
    }

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        InSessionAsync(session => session.QueryAsync<T>(sql, parameters), cancellationToken);

    /// <summary>A plain <typeparamref name="T"/> is read from the first column; default when there is no row.</summary>
    public Task<T?> FirstAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) =>
        InSessionAsync(session => session.FirstAsync<T>(sql, parameters), cancellationToken);

    /// <returns>How many rows it changed.</returns>
    public Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancellationToken) =>
        InSessionAsync(session => session.ExecuteAsync(sql, parameters), cancellationToken);

    /// <summary>What throws undoes all statements.</summary>
    public Task<T> InTransactionAsync<T>(Func<DatabaseSession, Task<T>> work, CancellationToken cancellationToken) => WaitAsync(
        async progressed =>
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var result = await work(new DatabaseSession(connection, transaction, progressed, cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            return result;
        });

    /// <summary>Holds no secret.</summary>
    public string Location => postgres is null ? Path.Combine(folder, FileName) : PostgreSql.Location(postgres.ConnectionString);

    /// <summary>0 before the first migration.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be opened now.</exception>
    public async Task<int> SchemaVersionAsync(CancellationToken cancellationToken) =>
        await FirstAsync<int?>("SELECT MAX(version) FROM schema_version", parameters: null, cancellationToken) ?? 0;

    /// <summary>Before anything is served. One that is away is another matter: the app starts without it, and recovers.</summary>
    /// <exception cref="SchemaTooNewException">A newer program has changed it in a way that this one does not understand.</exception>
    public async Task RefuseNewerSchemaAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
        }
        catch (DatabaseUnavailableException exception) when (exception is not SchemaTooNewException)
        {
            // Readiness says so.
        }
    }

    public async ValueTask DisposeAsync()
    {
        migration.Dispose();
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
            return;
        }

        // Pooled connections keep the file open, which would stop a test or an update from removing it.
        await using var connection = new SqliteConnection(sqlite);
        SqliteConnection.ClearPool(connection);
    }

    private Task<T> InSessionAsync<T>(Func<DatabaseSession, Task<T>> work, CancellationToken cancellationToken) => WaitAsync(
        async progressed =>
        {
            await using var connection = await OpenAsync(cancellationToken);
            return await work(new DatabaseSession(connection, transaction: null, progressed, cancellationToken));
        });

    private Task<T> WaitAsync<T>(Func<Action?, Task<T>> work) => IsSqlite ? work(null) : patience.WaitAsync(work);

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await migration.WaitAsync(cancellationToken);
        try
        {
            if (migrated)
            {
                return;
            }

            if (postgres is null)
            {
                PrivateFiles.CreateFolder(folder);

                // The files beside it, such as the -wal, get its mode.
                await using (PrivateFiles.Open(Location, FileMode.OpenOrCreate))
                {
                }

                PrivateFiles.Tighten(Location);
            }

            await using var connection = await ConnectAsync(cancellationToken);
            await Migrations.ApplyAsync(connection, IsSqlite, cancellationToken);
            migrated = true;
        }
        finally
        {
            migration.Release();
        }
    }

    private async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (postgres is not null)
        {
            return await postgres.OpenConnectionAsync(cancellationToken);
        }

        var connection = new SqliteConnection(sqlite);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}

internal class DatabaseUnavailableException(string reason, Exception? cause = null)
    : Exception("The database cannot be opened: " + reason, cause);

/// <param name="progressed">Told of each statement that was executed.</param>
internal sealed class DatabaseSession(
    DbConnection connection, DbTransaction? transaction, Action? progressed, CancellationToken cancellationToken)
{
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        Progressed(await connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    public async Task<T?> FirstAsync<T>(string sql, object? parameters = null) =>
        Progressed(await connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters)));

    /// <param name="parameters">Its parameters; a sequence runs the statement once for each element.</param>
    public async Task<int> ExecuteAsync(string sql, object? parameters = null) => Progressed(await connection.ExecuteAsync(
        Command(sql, parameters is IEnumerable<object> sequence ? sequence.Select(Progressed) : parameters)));

    private T Progressed<T>(T result)
    {
        progressed?.Invoke();
        return result;
    }

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, transaction, cancellationToken: cancellationToken);
}

internal static class DatabaseRetry
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>Once a second.</summary>
    /// <exception cref="DbException">An error that does not pass by itself.</exception>
    public static async Task<T> UntilAvailableAsync<T>(
        Func<Task<T>> operation, Action<Exception> onRetry, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (Exception exception) when (DatabaseErrors.IsTransient(exception))
            {
                onRetry(exception);
                await Task.Delay(Delay, time, cancellationToken);
            }
        }
    }
}
