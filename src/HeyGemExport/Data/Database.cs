using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace HeyGemExport.Data;

/// <summary>A database that cannot be opened at start is tried again by each later connection; the first brings it up to date.</summary>
internal sealed class Database : IAsyncDisposable
{
    /// <summary>How long after a change it is in the SQLite file itself, if nobody is in the way.</summary>
    private static readonly TimeSpan CheckpointDelay = TimeSpan.FromSeconds(2);

    private readonly DbDataSource? postgres;
    private readonly string? listening;
    private readonly SqliteFile? file;
    private readonly SemaphoreSlim migration = new(1, 1);
    private readonly SqliteWriters? writers;
    private readonly CancellationTokenSource disposed = new();
    private readonly TimeProvider time;
    private readonly RequestPatience patience;
    private volatile bool migrated;
    private Task checkpoint = Task.CompletedTask;

    public Database(
        IConfiguration configuration, IOptions<DataOptions> options, IHostEnvironment environment, IHttpContextAccessor requests,
        TimeProvider time)
    {
        this.time = time;
        patience = new(requests, TimeSpan.FromSeconds(options.Value.PatienceSeconds), time);
        if (configuration.GetConnectionString("Database") is { Length: > 0 } connection)
        {
            postgres = PostgreSql.Open(connection);
            listening = configuration.GetConnectionString("Listen") is { Length: > 0 } direct ? direct : connection;
        }
        else
        {
            file = new(Path.GetFullPath(options.Value.Path, environment.ContentRootPath), time);
            writers = new(time);
        }
    }

    /// <summary>A file of this node alone; otherwise PostgreSQL, a server that several nodes may share.</summary>
    public bool IsSqlite => file is not null;

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

    /// <exception cref="DatabaseUnavailableException">The database cannot be opened now, or is not the one that it was.</exception>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!IsCurrent)
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
    public async Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancellationToken)
    {
        var changed = await WriteAsync(
            (connection, progressed) =>
                new DatabaseSession(connection, transaction: null, progressed, cancellationToken).ExecuteAsync(sql, parameters),
            cancellationToken);
        Written();
        return changed;
    }

    /// <summary>What throws undoes all statements.</summary>
    public Task<T> InTransactionAsync<T>(Func<DatabaseSession, Task<T>> work, CancellationToken cancellationToken) => WriteAsync(
        async (connection, progressed) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var result = await work(new DatabaseSession(connection, transaction, progressed, cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            Written();
            return result;
        },
        cancellationToken);

    /// <summary>Holds no secret.</summary>
    public string Location => file?.Path ?? PostgreSql.Location(postgres!.ConnectionString);

    /// <summary>Whether records can be written: by a change that is taken back.</summary>
    /// <returns>The schema's version.</returns>
    /// <exception cref="DbException">They cannot.</exception>
    public Task<int> TryWritingAsync(CancellationToken cancellationToken) => WriteAsync(
        async (connection, progressed) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var session = new DatabaseSession(connection, transaction, progressed, cancellationToken);
            var version = await session.FirstAsync<int>("SELECT MAX(version) FROM schema_version");
            await session.ExecuteAsync("UPDATE schema_version SET version = version WHERE version = @version", new { version });
            return version;
        },
        cancellationToken);

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
        await disposed.CancelAsync();
        await checkpoint.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        disposed.Dispose();
        migration.Dispose();
        writers?.Dispose();
        file?.Close();
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }

    private bool IsCurrent => migrated && file is not { IsUnchanged: false };

    private Task<T> InSessionAsync<T>(Func<DatabaseSession, Task<T>> work, CancellationToken cancellationToken) => WaitAsync(
        async progressed =>
        {
            await using var connection = await OpenAsync(progressed, cancellationToken);
            return await work(new DatabaseSession(connection, transaction: null, progressed, cancellationToken));
        });

    private Task<T> WriteAsync<T>(Func<DbConnection, Action?, Task<T>> work, CancellationToken cancellationToken) => WaitAsync(
        async progressed =>
        {
            using var turn = writers is null ? null : await writers.TakeTurnAsync(cancellationToken);
            await using var connection = await OpenAsync(progressed, cancellationToken);
            turn?.LimitPatience(connection);
            return await work(connection, progressed);
        });

    private async Task<DbConnection> OpenAsync(Action? progressed, CancellationToken cancellationToken)
    {
        var opening = OpenAsync(cancellationToken);

        // One that waits in the pool says nothing about the server.
        var hasWaited = !opening.IsCompleted;
        var connection = await opening;
        if (hasWaited)
        {
            progressed?.Invoke();
        }

        return connection;
    }

    private Task<T> WaitAsync<T>(Func<Action?, Task<T>> work) => file is null ? patience.WaitAsync(work) : WatchAsync(file, work);

    private static async Task<T> WatchAsync<T>(SqliteFile file, Func<Action?, Task<T>> work)
    {
        try
        {
            return await work(null);
        }
        catch (SqliteException exception)
        {
            file.Suspect(exception);
            throw;
        }
    }

    /// <exception cref="DatabaseUnavailableException">It was written into a file that is not in its place any more.</exception>
    private void Written()
    {
        if (file is null)
        {
            return;
        }

        if (!file.IsThere)
        {
            throw new DatabaseUnavailableException($"'{file.Path}' was taken away.");
        }

        lock (disposed)
        {
            if (checkpoint.IsCompleted && !disposed.IsCancellationRequested)
            {
                checkpoint = CheckpointAsync(file, disposed.Token);
            }
        }
    }

    private async Task CheckpointAsync(SqliteFile written, CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(CheckpointDelay, time, cancellationToken);
        }
        while (!await TryCheckpointAsync(written, cancellationToken));
    }

    private async Task<bool> TryCheckpointAsync(SqliteFile written, CancellationToken cancellationToken)
    {
        await migration.WaitAsync(cancellationToken);
        try
        {
            if (!IsCurrent)
            {
                return true;
            }

            await using var connection = await written.ConnectAsync(cancellationToken);
            return written.Checkpoint(connection);
        }
        catch (SqliteException exception)
        {
            written.Suspect(exception);
            return false;
        }
        finally
        {
            migration.Release();
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await migration.WaitAsync(cancellationToken);
        try
        {
            if (IsCurrent)
            {
                return;
            }

            file?.Prepare();
            await using var connection = await ConnectAsync(cancellationToken);
            await (file?.VerifyAsync(connection) ?? Task.CompletedTask);
            await Migrations.ApplyAsync(connection, IsSqlite, cancellationToken);
            file?.Accept();
            migrated = true;
        }
        finally
        {
            migration.Release();
        }
    }

    private async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken) =>
        file is null ? await postgres!.OpenConnectionAsync(cancellationToken) : await file.ConnectAsync(cancellationToken);
}

internal class DatabaseUnavailableException(string reason, Exception? cause = null)
    : Exception("The database cannot be opened: " + reason, cause);
