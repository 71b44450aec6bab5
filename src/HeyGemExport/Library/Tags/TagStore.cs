using System.Text.Encodings.Web;
using System.Text.Json;
using HeyGemExport.Data;

namespace HeyGemExport.Library.Tags;

/// <summary>Every change increments a revision: hosts that share the database learn of changes, and none overwrites one unseen.</summary>
internal sealed class TagStore(Database database)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task<long> RevisionAsync(CancellationToken cancellationToken) =>
        database.FirstAsync<long>("SELECT revision FROM tag_revision", parameters: null, cancellationToken);

    /// <summary>The revision includes all of it.</summary>
    public async Task<(long Revision, IReadOnlyList<TaggedItem> Items)> LoadAsync(CancellationToken cancellationToken)
    {
        var revision = await RevisionAsync(cancellationToken);
        var rows = await database.QueryAsync<(TaggedKind, string, string?, long, long, string, DateTimeOffset?)>(
            "SELECT kind, path, identity, bytes, modified_at, tags_json, missing_since FROM tagged_items",
            parameters: null,
            cancellationToken);
        List<TaggedItem> items = new(rows.Count);
        foreach (var (kind, path, identity, bytes, modifiedAt, json, missingSince) in rows)
        {
            var tags = JsonSerializer.Deserialize<string[]>(json, Json) ?? [];
            items.Add(new(new(kind, path), identity is null ? null : new(identity), bytes, modifiedAt, tags, missingSince));
        }

        return (revision, items);
    }

    /// <summary>Does nothing if anything has changed since a revision.</summary>
    /// <returns>Whether it was done; the revision is then one more.</returns>
    public Task<bool> TryReplaceAsync(
        long revision,
        IReadOnlyList<TaggedKey> removed,
        IReadOnlyList<TaggedItem> put,
        CancellationToken cancellationToken) => database.InTransactionAsync(
        async session =>
        {
            const string Increment = "UPDATE tag_revision SET revision = revision + 1 WHERE revision = @revision";
            if (await session.ExecuteAsync(Increment, new { revision }) == 0)
            {
                return false;
            }

            await session.ExecuteAsync(
                "DELETE FROM tagged_items WHERE kind = @Kind AND path = @Path",
                removed.Concat(put.Select(item => item.Key)).Select(key => new { Kind = Stored(key.Kind), key.Path }));
            await session.ExecuteAsync(
                """
                INSERT INTO tagged_items (kind, path, identity, bytes, modified_at, missing_since, tags_json)
                VALUES (@Kind, @Path, @Identity, @Bytes, @ModifiedAt, @MissingSince, @Tags)
                """,
                put.Select(item => new
                {
                    Kind = Stored(item.Key.Kind),
                    item.Key.Path,
                    Identity = item.Identity?.Value,
                    item.Bytes,
                    item.ModifiedAt,
                    item.MissingSince,
                    Tags = JsonSerializer.Serialize(item.Tags, Json),
                }));
            return true;
        },
        cancellationToken);

    private static string Stored(TaggedKind kind) => kind.ToString().ToLowerInvariant();
}
