using HeyGemExport.Accounts;
using HeyGemExport.Data;

namespace HeyGemExport.Exports;

/// <summary>Whose an export is: everybody's who confirmed its content.</summary>
internal sealed class ExportOwners(Database database)
{
    internal const string Insert = "INSERT INTO export_participants (export_id, who) VALUES (@Id, @Who) ON CONFLICT DO NOTHING";

    public Task AddAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        database.ExecuteAsync(Insert, new { Id = id, caller.Who }, cancellationToken);

    public async Task<bool> MaySeeAsync(string id, Caller caller, CancellationToken cancellationToken) => caller.SeesAllExports
        || await database.FirstAsync<long>(
            "SELECT COUNT(*) FROM export_participants WHERE export_id = @id AND who = @Who", new { id, caller.Who }, cancellationToken) > 0;

    /// <returns>False when it is the caller's alone.</returns>
    public async Task<bool> LeaveAsync(string id, Caller caller, CancellationToken cancellationToken) => await database.ExecuteAsync(
        """
        DELETE FROM export_participants
        WHERE export_id = @id AND who = @Who
          AND EXISTS (SELECT 1 FROM export_participants other WHERE other.export_id = @id AND other.who <> @Who)
        """,
        new { id, caller.Who },
        cancellationToken) > 0;
}
