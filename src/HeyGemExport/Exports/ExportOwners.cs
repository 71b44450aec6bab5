using HeyGemExport.Accounts;
using HeyGemExport.Data;

namespace HeyGemExport.Exports;

/// <summary>Whose an export is: everybody's who confirmed its content.</summary>
internal sealed class ExportOwners(Database database) : Owners(database, Table, Key, ExportJob.Table)
{
    private const string Table = "export_participants";
    private const string Key = "export_id";

    public static string Insert { get; } = InsertInto(Table, Key);

    /// <summary>What the caller calls these exports; operators see what the person calls it who asked for it.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TitlesAsync(
        IReadOnlyCollection<string> ids, Caller caller, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        var isOneOf = Database.IsOneOf("@ids");
        var rows = await Database.QueryAsync<(string Id, string Who, string Title)>(
            $"""
            SELECT p.export_id, p.who, p.title FROM export_participants p JOIN exports e ON e.id = p.export_id
            WHERE p.title IS NOT NULL AND p.export_id {isOneOf} AND (p.who = @Who OR (@SeesAll = 1 AND p.who = e.requested_by))
            """,
            new { ids = ids.ToArray(), caller.Who, SeesAll = caller.SeesAllExports ? 1 : 0 },
            cancellationToken);
        return rows.GroupBy(row => row.Id, StringComparer.Ordinal).ToDictionary(
            titles => titles.Key,
            titles => titles.MaxBy(title => string.Equals(title.Who, caller.Who, StringComparison.Ordinal)).Title,
            StringComparer.Ordinal);
    }

    /// <summary>Everybody, with what they call it.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> WithTitlesAsync(string id, CancellationToken cancellationToken) =>
        (await Database.QueryAsync<(string Who, string? Title)>(
            "SELECT who, title FROM export_participants WHERE export_id = @id", new { id }, cancellationToken))
        .ToDictionary(row => row.Who, row => row.Title, StringComparer.Ordinal);

    /// <param name="title">Null to name it after its content again.</param>
    /// <returns>False when it is not the caller's to name.</returns>
    public async Task<bool> RenameAsync(string id, Caller caller, string? title, CancellationToken cancellationToken) =>
        await Database.ExecuteAsync(
            $"UPDATE export_participants SET title = @title WHERE export_id = @id AND who = @Who {Telling}",
            new { id, caller.Who, title },
            cancellationToken) > 0
        || (caller.SeesAllExports && await Database.ExecuteAsync(
            $"""
            UPDATE export_participants SET title = @title
            WHERE export_id = @id AND who = (SELECT requested_by FROM exports WHERE id = @id)
            {Telling}
            """,
            new { id, title },
            cancellationToken) > 0);
}
