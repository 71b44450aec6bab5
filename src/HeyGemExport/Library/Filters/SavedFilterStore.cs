using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using HeyGemExport.Data;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Library.Filters;

/// <summary>A video must have all of the tags.</summary>
internal sealed record FilterTerms(
    string? Text, IReadOnlyList<string> Tags, string? Batch, VideoState? State, DayRange? Days = null)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
}

internal sealed record SavedFilter(string Id, string Name, FilterTerms Terms);

internal enum SaveFilterResult
{
    /// <summary>Replaces a filter of the same name.</summary>
    Saved,

    NameInvalid,

    TooMany,
}

/// <summary>Everyone sees only their own.</summary>
internal sealed class SavedFilterStore(Database database, TimeProvider time)
{
    public const int MaxPerPerson = 100;

    private static readonly TimeSpan PageTimeout = TimeSpan.FromSeconds(1);

    public Task<IReadOnlyList<SavedFilter>> ListAsync(string who, CancellationToken cancellationToken) => database.QueryAsync<SavedFilter>(
        "SELECT id, name, filter_json AS terms FROM saved_filters WHERE who = @who ORDER BY name_key", new { who }, cancellationToken);

    /// <summary>None if the database does not answer within a second, for a page that has more to show.</summary>
    public async Task<IReadOnlyList<SavedFilter>> ListOrNoneAsync(string who, CancellationToken cancellationToken)
    {
        try
        {
            return await ListAsync(who, cancellationToken).WaitAsync(PageTimeout, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException || DatabaseErrors.IsUnavailable(exception))
        {
            return [];
        }
    }

    /// <summary>The name follows the same rules as a tag.</summary>
    public async Task<SaveFilterResult> SaveAsync(string who, string? name, FilterTerms terms, CancellationToken cancellationToken)
    {
        if (TagName.Read(name) is not { } valid)
        {
            return SaveFilterResult.NameInvalid;
        }

        var filter = new
        {
            Id = RandomNumberGenerator.GetHexString(16, lowercase: true),
            who,
            Name = valid,
            NameKey = TagName.Key(valid),
            terms,
            CreatedAt = time.GetUtcNow(),
        };
        return await database.InTransactionAsync(
            async session =>
            {
                const string Others = "SELECT COUNT(*) FROM saved_filters WHERE who = @who AND name_key <> @NameKey";
                if (await session.FirstAsync<long>(Others, filter) >= MaxPerPerson)
                {
                    return SaveFilterResult.TooMany;
                }

                await session.ExecuteAsync(
                    """
                    INSERT INTO saved_filters (id, who, name, name_key, filter_json, created_at)
                    VALUES (@Id, @who, @Name, @NameKey, @terms, @CreatedAt)
                    ON CONFLICT (who, name_key) DO UPDATE SET name = excluded.name, filter_json = excluded.filter_json
                    """,
                    filter);
                return SaveFilterResult.Saved;
            },
            cancellationToken);
    }

    public Task DeleteAsync(string who, string id, CancellationToken cancellationToken) =>
        database.ExecuteAsync("DELETE FROM saved_filters WHERE who = @who AND id = @id", new { who, id }, cancellationToken);
}
