using System.Security.Claims;

namespace HeyGemExport.Accounts;

internal static class AccountClaims
{
    /// <summary>Present while the password is one-time and has to be changed before anything else.</summary>
    public const string MustChangePassword = "heygem:must-change-password";

    public const string Scope = "heygem:scope";

    public static bool HasRole(this ClaimsPrincipal caller, string role) => Roles.From(role).Any(caller.IsInRole);

    public static bool MustChange(this ClaimsPrincipal caller) =>
        caller.HasClaim(claim => string.Equals(claim.Type, MustChangePassword, StringComparison.Ordinal));

    public static bool IsKey(this ClaimsPrincipal caller) =>
        caller.HasClaim(claim => string.Equals(claim.Type, Scope, StringComparison.Ordinal));

    internal static ClaimsIdentity CreateIdentity(string scheme, string name, string? role)
    {
        Claim[] claims = [new(ClaimTypes.NameIdentifier, $"{scheme}:{name}"), new(ClaimTypes.Name, name)];
        return new(role is null ? claims : [.. claims, new(ClaimTypes.Role, role)], scheme);
    }
}
