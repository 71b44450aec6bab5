using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.Users;

internal sealed class UserClaimsPrincipalFactory(
    UserManager<User> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<User>(users, options)
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
