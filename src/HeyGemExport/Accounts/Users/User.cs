namespace HeyGemExport.Accounts.Users;

internal sealed class User
{
    /// <summary>Opaque, 32 hex digits.</summary>
    public required string Id { get; init; }
    public required string Name { get; set; }

    public string NormalizedName { get; set; } = "";

    public required string Role { get; set; }
    public string PasswordHash { get; set; } = "";

    /// <summary>Sessions that began under another stamp have ended.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>The stamp in the database when this was read.</summary>
    public string StoredStamp { get; set; } = "";

    public bool MustChange { get; set; }
    public bool Disabled { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastSignInAt { get; set; }
}
