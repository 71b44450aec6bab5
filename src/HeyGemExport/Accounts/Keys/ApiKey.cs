namespace HeyGemExport.Accounts.Keys;

/// <summary>A key for a pipeline, without its secret.</summary>
internal sealed record ApiKey
{
    /// <summary>The part of the token that is not secret.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it; it acts as <c>key:</c> and this.</summary>
    public required string Name { get; init; }

    /// <summary>Some of <see cref="KeyScopes"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends by itself; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Whether it opens anything at a time.</summary>
    public bool IsLive(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);
}

/// <summary>What became of a request for a key.</summary>
internal abstract record KeyResult
{
    private KeyResult()
    {
    }

    /// <summary>It was made; the token is shown once.</summary>
    public sealed record Created(ApiKey Key, string Token) : KeyResult;

    /// <summary>It was not made.</summary>
    /// <param name="Code"><c>bad-name</c>, <c>no-scope</c>, <c>bad-expiry</c> or <c>name-taken</c>.</param>
    public sealed record Refused(string Code) : KeyResult;
}
