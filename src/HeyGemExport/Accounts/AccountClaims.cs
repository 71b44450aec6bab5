using System.Security.Claims;

namespace HeyGemExport.Accounts;

/// <summary>What is said about a caller besides name and role.</summary>
internal static class AccountClaims
{
    /// <summary>There when the password has to be changed before anything else.</summary>
    public const string MustChangePassword = "heygem:must-change-password";

    /// <summary>One for each scope of an API key.</summary>
    public const string Scope = "heygem:scope";

    /// <summary>Whether the caller has a role, or one that includes it.</summary>
    public static bool HasRole(this ClaimsPrincipal caller, string role)
    {
        return Roles.From(role).Any(caller.IsInRole);
    }

    /// <summary>Whether the caller must change the password before anything else.</summary>
    public static bool MustChange(this ClaimsPrincipal caller)
    {
        return caller.HasClaim(claim => string.Equals(claim.Type, MustChangePassword, StringComparison.Ordinal));
    }

    /// <summary>Whether the caller is a pipeline with an API key.</summary>
    public static bool IsKey(this ClaimsPrincipal caller)
    {
        return caller.HasClaim(claim => string.Equals(claim.Type, Scope, StringComparison.Ordinal));
    }

    /// <summary>An identity that a scheme vouches for.</summary>
    internal static ClaimsIdentity Identity(string scheme, string name, string? role)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{scheme}:{name}"), new Claim(ClaimTypes.Name, name)], scheme);
        if (role is not null)
        {
            identity.AddClaim(new Claim(ClaimTypes.Role, role));
        }

        return identity;
    }
}
