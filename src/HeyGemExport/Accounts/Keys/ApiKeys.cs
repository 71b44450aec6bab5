using HeyGemExport.Accounts.Users;
using HeyGemExport.Audit;
using HeyGemExport.Data;

namespace HeyGemExport.Accounts.Keys;

internal sealed class ApiKeys(Database database, AuditTrail audit, TimeProvider time)
{
    public const int MaxDays = 3650;

    private const string Select = "SELECT api_keys.*, scopes AS scope_list FROM api_keys ";

    private static readonly TimeSpan UseResolution = TimeSpan.FromMinutes(1);

    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<ApiKey>(Select + "ORDER BY created_at DESC, id", parameters: null, cancellationToken);

    /// <param name="name">The name of a revoked key may be reused; the new key sees what the old one exported.</param>
    /// <param name="days">Lifetime in days; null for no expiry.</param>
    public async Task<KeyResult> CreateAsync(
        string? name, IReadOnlyList<string> scopes, int? days, Caller caller, CancellationToken cancellationToken)
    {
        name = (name ?? "").Trim().Normalize();
        var known = string.Join(' ', KeyScopes.All.Where(scope => scopes.Contains(scope, StringComparer.Ordinal)));
        var error = !UserRules.IsName(name) ? "bad-name" : known.Length == 0 ? "no-scope" : days is < 1 or > MaxDays ? "bad-expiry" : null;
        if (error is not null)
        {
            return new KeyResult.Refused(error);
        }

        var token = ApiKeyToken.Create();
        var now = time.GetUtcNow();
        var key = new ApiKey
        {
            Id = token.Id,
            Name = name,
            Hash = token.Hash,
            ScopeList = known,
            CreatedBy = caller.Who,
            CreatedAt = now,
            ExpiresAt = days is { } count ? now.AddDays(count) : null,
        };
        var inserted = await database.ExecuteAsync(
            """
            INSERT INTO api_keys (id, name, hash, scopes, created_by, created_at, expires_at)
            VALUES (@Id, @Name, @Hash, @ScopeList, @CreatedBy, @CreatedAt, @ExpiresAt)
            ON CONFLICT DO NOTHING
            """,
            key,
            cancellationToken);
        if (inserted == 0)
        {
            return new KeyResult.Refused("name-taken");
        }

        await audit.RecordAsync(AuditActions.KeyCreated, caller, cancellationToken, detail: $"{name}: {known}");
        return new KeyResult.Created(key, token.Reveal());
    }

    public async Task<bool> RevokeAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        var name = await database.FirstAsync<string>(
            "UPDATE api_keys SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL RETURNING name",
            new { id, now = time.GetUtcNow() },
            cancellationToken);
        if (name is not null)
        {
            await audit.RecordAsync(AuditActions.KeyRevoked, caller, cancellationToken, detail: name);
        }

        return name is not null;
    }

    /// <summary>Null unless the token is that of a live key; notes its use.</summary>
    public async Task<ApiKey?> AuthenticateAsync(string? text, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (ApiKeyToken.Read(text) is not { } token
            || await database.FirstAsync<ApiKey>(Select + "WHERE id = @Id", new { token.Id }, cancellationToken) is not { } key
            || !token.Matches(key.Hash)
            || !key.IsLive(now))
        {
            return null;
        }

        if (key.LastUsedAt is not { } used || (now - used).Duration() >= UseResolution)
        {
            await database.ExecuteAsync("UPDATE api_keys SET last_used_at = @now WHERE id = @Id", new { key.Id, now }, cancellationToken);
        }

        return key;
    }
}
