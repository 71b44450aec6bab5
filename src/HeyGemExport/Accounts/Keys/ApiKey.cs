namespace HeyGemExport.Accounts.Keys;

/// <summary>An API key, without its secret.</summary>
internal sealed record ApiKey
{
    /// <summary>The part of the token that is not secret.</summary>
    public required string Id { get; init; }

    /// <summary>The key acts as <c>key:</c> and this.</summary>
    public required string Name { get; init; }

    /// <summary>Of the secret.</summary>
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

/// <summary>The outcome of a request for a key.</summary>
internal abstract record KeyResult
{
    private KeyResult()
    {
    }

    /// <summary>Created; the token is shown once.</summary>
    public sealed record Created(ApiKey Key, string Token) : KeyResult;

    /// <param name="Code"><c>bad-name</c>, <c>no-scope</c>, <c>bad-expiry</c> or <c>name-taken</c>.</param>
    public sealed record Refused(string Code) : KeyResult;
}
