using Dapper;
using HeyGemExport.Accounts;
using HeyGemExport.Data;

namespace HeyGemExport.Exports;

/// <summary>Whose an export is: everybody's who confirmed its content.</summary>
internal sealed class ExportOwners(Database database)
{
    /// <summary>Adds <c>@Who</c> to export <c>@Id</c>.</summary>
    internal const string Insert = "INSERT INTO export_participants (export_id, who) VALUES (@Id, @Who) ON CONFLICT DO NOTHING";

    /// <summary>Makes the export the caller's, too.</summary>
    public Task AddAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        return ExecuteAsync(Insert, new { Id = id, caller.Who }, cancellationToken);
    }

    /// <summary>Whether the export is the caller's to see.</summary>
    public async Task<bool> MaySeeAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.SeesAllExports)
        {
            return true;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM export_participants WHERE export_id = @id AND who = @Who", new { id, caller.Who }, cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Takes the caller out of an export that others wait for.</summary>
    /// <returns>False when it is the caller's alone.</returns>
    public async Task<bool> LeaveAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        return await ExecuteAsync(
            """
            DELETE FROM export_participants
            WHERE export_id = @id AND who = @Who AND EXISTS (SELECT 1 FROM export_participants other WHERE other.export_id = @id AND other.who <> @Who)
            """,
            new { id, caller.Who },
            cancellationToken) > 0;
    }

    private async Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }
}
