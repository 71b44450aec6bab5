using Dapper;
using HeyGemExport.Accounts.People;
using HeyGemExport.Audit;
using HeyGemExport.Data;

namespace HeyGemExport.Accounts.Keys;

/// <summary>API keys: made, listed, revoked, and recognised.</summary>
internal sealed class ApiKeys(Database database, AuditTrail audit, TimeProvider time)
{
    /// <summary>The longest time that a key may be made for, in days.</summary>
    public const int MostDays = 3650;

    private static readonly TimeSpan UseResolution = TimeSpan.FromMinutes(1);

    /// <summary>All of them, the newest first.</summary>
    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) =>
        SelectAsync("ORDER BY created_at DESC, id", new { }, row => row.ToKey(), cancellationToken);

    /// <summary>Makes a key.</summary>
    /// <param name="name">As people call it; a revoked key's name may be used again, and sees what that one exported.</param>
    /// <param name="scopes">Some of <see cref="KeyScopes"/>.</param>
    /// <param name="days">Days that it lives; null for ever.</param>
    /// <param name="caller">Who makes it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<KeyResult> CreateAsync(string? name, IReadOnlyList<string> scopes, int? days, Caller caller, CancellationToken cancellationToken)
    {
        name = (name ?? "").Trim().Normalize();
        var known = KeyScopes.All.Where(scope => scopes.Contains(scope, StringComparer.Ordinal)).ToList();
        if (Wrong(name, known, days) is { } wrong)
        {
            return new KeyResult.Refused(wrong);
        }

        var token = ApiKeyToken.Create();
        var now = time.GetUtcNow();
        var key = new ApiKey { Id = token.Id, Name = name, Scopes = known, CreatedBy = caller.Who, CreatedAt = now, ExpiresAt = days is { } count ? now.AddDays(count) : null };
        if (!await InsertAsync(key, token.Hash, cancellationToken))
        {
            return new KeyResult.Refused("name-taken");
        }

        await RecordAsync(AuditActions.KeyCreated, caller, $"{name}: {string.Join(' ', known)}", cancellationToken);
        return new KeyResult.Created(key, token.Reveal());
    }

    /// <summary>Ends a key.</summary>
    /// <returns>Whether it was live.</returns>
    public async Task<bool> RevokeAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if ((await SelectAsync("WHERE id = @id", new { id }, row => row.ToKey(), cancellationToken)).SingleOrDefault() is not { } key)
        {
            return false;
        }

        var revoked = await ExecuteAsync("UPDATE api_keys SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL", new { id, now = time.GetUtcNow().ToStored() }, cancellationToken);
        if (revoked)
        {
            await RecordAsync(AuditActions.KeyRevoked, caller, key.Name, cancellationToken);
        }

        return revoked;
    }

    /// <summary>The live key that a token belongs to, or null; notes its use.</summary>
    public async Task<ApiKey?> RecogniseAsync(string? text, CancellationToken cancellationToken)
    {
        if (ApiKeyToken.Read(text) is not { } token)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var found = (await SelectAsync("WHERE id = @Id", new { token.Id }, row => (Key: row.ToKey(), row.Hash), cancellationToken)).SingleOrDefault();
        if (found.Key is not { } key || !token.Matches(found.Hash) || !key.IsLive(now))
        {
            return null;
        }

        if (key.LastUsedAt is not { } used || now - used >= UseResolution)
        {
            await ExecuteAsync("UPDATE api_keys SET last_used_at = @now WHERE id = @Id", new { key.Id, now = now.ToStored() }, cancellationToken);
        }

        return key;
    }

    private static string? Wrong(string name, List<string> scopes, int? days) => (scopes.Count, days) switch
    {
        _ when !UserRules.IsName(name) => "bad-name",
        (0, _) => "no-scope",
        (_, < 1 or > MostDays) => "bad-expiry",
        _ => null,
    };

    private Task<bool> InsertAsync(ApiKey key, string hash, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO api_keys (id, name, hash, scopes, created_by, created_at, expires_at)
        VALUES (@Id, @Name, @hash, @Scopes, @CreatedBy, @CreatedAt, @ExpiresAt)
        ON CONFLICT DO NOTHING
        """,
        new { key.Id, key.Name, hash, Scopes = string.Join(' ', key.Scopes), key.CreatedBy, CreatedAt = key.CreatedAt.ToStored(), ExpiresAt = key.ExpiresAt?.ToStored() },
        cancellationToken);

    private async Task<bool> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)) == 1;
    }

    private async Task<IReadOnlyList<T>> SelectAsync<T>(string condition, object parameters, Func<Row, T> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("SELECT * FROM api_keys " + condition, parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(read)];
    }

    private Task RecordAsync(string action, Caller caller, string detail, CancellationToken cancellationToken) =>
        audit.RecordAsync(new AuditRecord(time.GetUtcNow(), action, caller.Who, caller.From, Detail: detail), cancellationToken);

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public string Hash { get; set; } = "";

        public string Scopes { get; set; } = "";

        public string CreatedBy { get; set; } = "";

        public long CreatedAt { get; set; }

        public long? ExpiresAt { get; set; }

        public long? RevokedAt { get; set; }

        public long? LastUsedAt { get; set; }

        public ApiKey ToKey() => new()
        {
            Id = Id,
            Name = Name,
            Scopes = Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            CreatedBy = CreatedBy,
            CreatedAt = CreatedAt.ToTime(),
            ExpiresAt = ExpiresAt.ToTime(),
            RevokedAt = RevokedAt.ToTime(),
            LastUsedAt = LastUsedAt.ToTime(),
        };
    }
}
