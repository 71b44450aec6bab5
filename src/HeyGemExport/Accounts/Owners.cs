using HeyGemExport.Data;

namespace HeyGemExport.Accounts;

/// <summary>Whose a record is: everybody's who asked for it.</summary>
/// <param name="table">With a row for each of them: the record in the column <paramref name="key"/>, the person in <c>who</c>.</param>
/// <param name="topic">As what nodes are told of a record whose owners have changed.</param>
internal abstract class Owners(Database database, string table, string key, string topic)
{
    protected Database Database => database;

    protected string Telling => database.Telling(topic, key);

    public Task AddAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        database.ExecuteAsync($"{InsertInto(table, key)} {Telling}", new { Id = id, caller.Who }, cancellationToken);

    public async Task<IReadOnlySet<string>> OfAsync(string id, CancellationToken cancellationToken) =>
        (await database.QueryAsync<string>($"SELECT who FROM {table} WHERE {key} = @id", new { id }, cancellationToken))
        .ToHashSet(StringComparer.Ordinal);

    public async Task<bool> MaySeeAsync(string id, Caller caller, CancellationToken cancellationToken) => caller.SeesAllExports
        || await database.FirstAsync<long>(
            $"SELECT COUNT(*) FROM {table} WHERE {key} = @id AND who = @Who", new { id, caller.Who }, cancellationToken) > 0;

    /// <returns>False when it is the caller's alone.</returns>
    public async Task<bool> LeaveAsync(string id, Caller caller, CancellationToken cancellationToken) => await database.ExecuteAsync(
        $"""
        DELETE FROM {table}
        WHERE {key} = @id AND who = @Who AND EXISTS (SELECT 1 FROM {table} other WHERE other.{key} = @id AND other.who <> @Who)
        {Telling}
        """,
        new { id, caller.Who },
        cancellationToken) > 0;

    /// <summary>As SQL, with <c>@Id</c> and <c>@Who</c>.</summary>
    protected static string InsertInto(string table, string key) =>
        $"INSERT INTO {table} ({key}, who) VALUES (@Id, @Who) ON CONFLICT DO NOTHING";
}
