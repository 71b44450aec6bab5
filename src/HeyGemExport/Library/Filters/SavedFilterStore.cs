using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using HeyGemExport.Data;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Library.Filters;

/// <summary>A filter over the library, as a person keeps it.</summary>
/// <param name="Text">Words of a search.</param>
/// <param name="Tags">Tags, all of them.</param>
/// <param name="Batch">One batch.</param>
/// <param name="State">One state.</param>
internal sealed record FilterTerms(string? Text, IReadOnlyList<string> Tags, string? Batch, VideoState? State);

/// <summary>A filter that a person has given a name.</summary>
/// <param name="Id">Opaque.</param>
/// <param name="Name">What the person calls it.</param>
/// <param name="Terms">What it asks for.</param>
internal sealed record SavedFilter(string Id, string Name, FilterTerms Terms);

/// <summary>What became of a wish to save a filter.</summary>
internal enum SaveFilterResult
{
    /// <summary>It is kept, in place of one with the same name.</summary>
    Saved,

    /// <summary>Its name is empty, too long, or has characters that no name has.</summary>
    NameInvalid,

    /// <summary>The person has <see cref="SavedFilterStore.MaxPerPerson"/> already.</summary>
    TooMany,
}

/// <summary>The filters that people have saved; each person sees their own.</summary>
internal sealed class SavedFilterStore(Database database, TimeProvider time)
{
    /// <summary>The most filters of one person.</summary>
    public const int MaxPerPerson = 100;

    private static readonly TimeSpan PageWaits = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>A person's filters, by name.</summary>
    public async Task<IReadOnlyList<SavedFilter>> ListAsync(string who, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT id, name, filter_json FROM saved_filters WHERE who = @who ORDER BY name_key", new { who }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new SavedFilter(row.Id, row.Name, JsonSerializer.Deserialize<FilterTerms>(row.FilterJson, Json)!))];
    }

    /// <summary>The same; none where the database does not answer soon, for a page that has more to show.</summary>
    public async Task<IReadOnlyList<SavedFilter>> ListOrNoneAsync(string who, CancellationToken cancellationToken)
    {
        try
        {
            return await ListAsync(who, cancellationToken).WaitAsync(PageWaits, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException || DatabaseErrors.IsUnavailable(exception))
        {
            return [];
        }
    }

    /// <summary>Keeps a filter under a name, which follows the same rules as a tag.</summary>
    public async Task<SaveFilterResult> SaveAsync(string who, string? name, FilterTerms terms, CancellationToken cancellationToken)
    {
        if (TagName.Read(name) is not { } kept)
        {
            return SaveFilterResult.NameInvalid;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var count = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM saved_filters WHERE who = @who AND name_key <> @NameKey",
            new { who, NameKey = TagName.Key(kept) },
            transaction,
            cancellationToken: cancellationToken));
        if (count >= MaxPerPerson)
        {
            return SaveFilterResult.TooMany;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO saved_filters (id, who, name, name_key, filter_json, created_at)
            VALUES (@Id, @who, @Name, @NameKey, @FilterJson, @CreatedAt)
            ON CONFLICT (who, name_key) DO UPDATE SET name = excluded.name, filter_json = excluded.filter_json
            """,
            new
            {
                Id = RandomNumberGenerator.GetHexString(16, lowercase: true),
                who,
                Name = kept,
                NameKey = TagName.Key(kept),
                FilterJson = JsonSerializer.Serialize(terms, Json),
                CreatedAt = time.GetUtcNow().ToStored(),
            },
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return SaveFilterResult.Saved;
    }

    /// <summary>Forgets one of a person's filters.</summary>
    public async Task DeleteAsync(string who, string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM saved_filters WHERE who = @who AND id = @id", new { who, id }, cancellationToken: cancellationToken));
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public string FilterJson { get; set; } = "";
    }
}
