namespace HeyGemExport.Accounts.People;

/// <summary>Somebody with an account, as Identity works on it.</summary>
internal sealed class User
{
    /// <summary>Opaque, 32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>How they sign in, and how the audit trail names them.</summary>
    public required string Name { get; set; }

    /// <summary>The name as it is compared.</summary>
    public string NormalizedName { get; set; } = "";

    /// <summary>One of <see cref="Roles"/>.</summary>
    public required string Role { get; set; }

    /// <summary>As Identity's hasher wrote it.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>Sessions that were begun under another one have ended.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>The stamp that the database had when this was read.</summary>
    internal string StoredStamp { get; set; } = "";

    /// <summary>Whether the password is one-time, and must be changed before anything else.</summary>
    public bool MustChange { get; set; }

    /// <summary>Whether they are kept out.</summary>
    public bool Disabled { get; set; }

    /// <summary>Wrong passwords in a row.</summary>
    public int FailedCount { get; set; }

    /// <summary>Until when no password is looked at.</summary>
    public DateTimeOffset? LockoutEnd { get; set; }

    /// <summary>When the account was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When they last signed in.</summary>
    public DateTimeOffset? LastSignInAt { get; set; }
}
