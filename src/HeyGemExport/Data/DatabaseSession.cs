using System.Data.Common;
using Dapper;

namespace HeyGemExport.Data;

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
