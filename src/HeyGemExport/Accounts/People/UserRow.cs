using HeyGemExport.Data;

namespace HeyGemExport.Accounts.People;

/// <summary>A person as the database holds it.</summary>
internal sealed class UserRow
{
    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    public string NormalizedName { get; set; } = "";

    public string Role { get; set; } = "";

    public string PasswordHash { get; set; } = "";

    public string SecurityStamp { get; set; } = "";

    public string StoredStamp { get; set; } = "";

    public long MustChange { get; set; }

    public long Disabled { get; set; }

    public long FailedCount { get; set; }

    public long? LockoutEnd { get; set; }

    public long CreatedAt { get; set; }

    public long? LastSignInAt { get; set; }

    public static UserRow Of(User person) => new()
    {
        Id = person.Id,
        Name = person.Name,
        NormalizedName = person.NormalizedName,
        Role = person.Role,
        PasswordHash = person.PasswordHash,
        SecurityStamp = person.SecurityStamp,
        StoredStamp = person.StoredStamp,
        MustChange = person.MustChange ? 1 : 0,
        Disabled = person.Disabled ? 1 : 0,
        FailedCount = person.FailedCount,
        LockoutEnd = person.LockoutEnd?.ToStored(),
        CreatedAt = person.CreatedAt.ToStored(),
        LastSignInAt = person.LastSignInAt?.ToStored(),
    };

    public User ToPerson() => new()
    {
        Id = Id,
        Name = Name,
        NormalizedName = NormalizedName,
        Role = Role,
        PasswordHash = PasswordHash,
        SecurityStamp = SecurityStamp,
        StoredStamp = SecurityStamp,
        MustChange = MustChange != 0,
        Disabled = Disabled != 0,
        FailedCount = (int)FailedCount,
        LockoutEnd = LockoutEnd.ToTime(),
        CreatedAt = CreatedAt.ToTime(),
        LastSignInAt = LastSignInAt.ToTime(),
    };
}
