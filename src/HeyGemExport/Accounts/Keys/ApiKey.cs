namespace HeyGemExport.Accounts.Keys;

internal sealed record ApiKey
{
    public required string Id { get; init; }

    /// <summary>The key acts as <c>key:</c> and this.</summary>
    public required string Name { get; init; }

    public required string Hash { get; init; }

    /// <summary>Some of <see cref="KeyScopes"/>, separated by blanks, as stored.</summary>
    public required string ScopeList { get; init; }

    public IReadOnlyList<string> Scopes => ScopeList.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);
}

internal abstract record KeyResult
{
    public sealed record Created(ApiKey Key, string Token) : KeyResult;

    /// <param name="Code"><c>bad-name</c>, <c>no-scope</c>, <c>bad-expiry</c> or <c>name-taken</c>.</param>
    public sealed record Refused(string Code) : KeyResult;
}
