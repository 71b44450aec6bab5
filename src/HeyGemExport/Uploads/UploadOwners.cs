using HeyGemExport.Accounts;
using HeyGemExport.Data;

namespace HeyGemExport.Uploads;

/// <summary>Whose an upload is: everybody's who asked for it, and of the exported content nobody else's.</summary>
internal sealed class UploadOwners(Database database)
{
    internal const string Insert = "INSERT INTO delivery_participants (delivery_id, who) VALUES (@Id, @Who) ON CONFLICT DO NOTHING";

    public Task AddAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        database.ExecuteAsync(Insert, new { Id = id, caller.Who }, cancellationToken);

    public async Task<bool> MaySeeAsync(string id, Caller caller, CancellationToken cancellationToken) => caller.SeesAllExports
        || await database.FirstAsync<long>(
            "SELECT COUNT(*) FROM delivery_participants WHERE delivery_id = @id AND who = @Who",
            new { id, caller.Who },
            cancellationToken) > 0;

    /// <returns>False when it is the caller's alone.</returns>
    public async Task<bool> LeaveAsync(string id, Caller caller, CancellationToken cancellationToken) => await database.ExecuteAsync(
        """
        DELETE FROM delivery_participants
        WHERE delivery_id = @id AND who = @Who
          AND EXISTS (SELECT 1 FROM delivery_participants other WHERE other.delivery_id = @id AND other.who <> @Who)
        """,
        new { id, caller.Who },
        cancellationToken) > 0;
}
