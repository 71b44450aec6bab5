using HeyGemExport.Accounts;
using HeyGemExport.Data;

namespace HeyGemExport.Uploads;

/// <summary>Whose an upload is: everybody's who asked for it, and of the exported content nobody else's.</summary>
internal sealed class UploadOwners(Database database) : Owners(database, Table, Key, UploadJob.Table)
{
    private const string Table = "delivery_participants";
    private const string Key = "delivery_id";

    public static string Insert { get; } = InsertInto(Table, Key);
}
