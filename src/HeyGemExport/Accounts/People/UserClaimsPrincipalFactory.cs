using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts.People;

/// <summary>What a session knows of a person: Identity's claims, the role, and whether the password has to be changed.</summary>
internal sealed class UserClaimsPrincipalFactory(UserManager<User> people, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<User>(people, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(User user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(ClaimTypes.Role, user.Role));
        if (user.MustChange)
        {
            identity.AddClaim(new Claim(AccountClaims.MustChangePassword, "1"));
        }

        return identity;
    }
}
