using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using HeyGemExport.Data;

namespace HeyGemExport.Library.Tags;

/// <summary>The records of tagged videos and batches. Every change counts a revision up, so that hosts that share the database learn
/// of each other's changes, and none undoes one that it has not seen.</summary>
internal sealed class TagStore(Database database)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How many changes there have been.</summary>
    public async Task<long> RevisionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT revision FROM tag_revision", cancellationToken: cancellationToken));
    }

    /// <summary>Everything that has tags, and the revision that it is at least of.</summary>
    public async Task<(long Revision, IReadOnlyList<TaggedItem> Items)> LoadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var revision = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT revision FROM tag_revision", cancellationToken: cancellationToken));
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("SELECT * FROM tagged_items", cancellationToken: cancellationToken));
        return (revision, [.. rows.Select(row => row.ToItem())]);
    }

    /// <summary>Removes records and writes others, unless somebody has changed anything since a revision.</summary>
    /// <returns>Whether it was done; the revision is then one more.</returns>
    public async Task<bool> TryReplaceAsync(long revision, IReadOnlyList<TaggedKey> removed, IReadOnlyList<TaggedItem> put, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ExecuteAsync("UPDATE tag_revision SET revision = revision + 1 WHERE revision = @revision", new { revision }) == 0)
        {
            return false;
        }

        await ExecuteAsync(
            "DELETE FROM tagged_items WHERE kind = @Kind AND path = @Path",
            removed.Concat(put.Select(item => item.Key)).Select(key => new { Kind = Stored(key.Kind), key.Path }));
        await ExecuteAsync(
            """
            INSERT INTO tagged_items (kind, path, identity, bytes, modified_at, missing_since, tags_json)
            VALUES (@Kind, @Path, @Identity, @Bytes, @ModifiedAt, @MissingSince, @TagsJson)
            """,
            put.Select(Row.Of));
        await transaction.CommitAsync(cancellationToken);
        return true;

        Task<int> ExecuteAsync(string sql, object parameters) =>
            connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));
    }

    private static string Stored(TaggedKind kind) => kind == TaggedKind.Batch ? "batch" : "video";

    private sealed class Row
    {
        public string Kind { get; set; } = "";

        public string Path { get; set; } = "";

        public string? Identity { get; set; }

        public long Bytes { get; set; }

        public long ModifiedAt { get; set; }

        public long? MissingSince { get; set; }

        public string TagsJson { get; set; } = "";

        public static Row Of(TaggedItem item) => new()
        {
            Kind = Stored(item.Key.Kind),
            Path = item.Key.Path,
            Identity = item.Identity?.Value,
            Bytes = item.Bytes,
            ModifiedAt = item.ModifiedAt,
            MissingSince = item.MissingSince?.ToStored(),
            TagsJson = JsonSerializer.Serialize(item.Tags, Json),
        };

        public TaggedItem ToItem() => new(
            new TaggedKey(Kind is "batch" ? TaggedKind.Batch : TaggedKind.Video, Path),
            Identity is null ? null : new ItemIdentity(Identity),
            Bytes,
            ModifiedAt,
            JsonSerializer.Deserialize<string[]>(TagsJson, Json) ?? [],
            MissingSince.ToTime());
    }
}
