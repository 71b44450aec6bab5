using System.Security.Claims;

namespace HeyGemExport.Accounts;

/// <summary>What is known of a caller besides name and role.</summary>
internal static class AccountClaims
{
    /// <summary>Present while the password is one-time and has to be changed before anything else.</summary>
    public const string MustChangePassword = "heygem:must-change-password";

    /// <summary>One for each scope of an API key.</summary>
    public const string Scope = "heygem:scope";

    /// <summary>Whether the caller has a role, or one that includes it.</summary>
    public static bool HasRole(this ClaimsPrincipal caller, string role) => Roles.From(role).Any(caller.IsInRole);

    public static bool MustChange(this ClaimsPrincipal caller) =>
        caller.HasClaim(claim => string.Equals(claim.Type, MustChangePassword, StringComparison.Ordinal));

    /// <summary>Whether the caller authenticated with an API key.</summary>
    public static bool IsKey(this ClaimsPrincipal caller) =>
        caller.HasClaim(claim => string.Equals(claim.Type, Scope, StringComparison.Ordinal));

    internal static ClaimsIdentity CreateIdentity(string scheme, string name, string? role)
    {
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, $"{scheme}:{name}"), new Claim(ClaimTypes.Name, name)], scheme);
        if (role is not null)
        {
            identity.AddClaim(new Claim(ClaimTypes.Role, role));
        }

        return identity;
    }
}
