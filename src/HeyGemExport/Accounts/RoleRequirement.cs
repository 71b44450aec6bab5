using HeyGemExport.Accounts.Keys;

namespace HeyGemExport.Accounts;

/// <summary>Also requires a password that is not one-time, and of API keys the scope that the method needs.</summary>
/// <param name="scope">A scope that suffices instead of the role, or null.</param>
internal sealed class RoleRequirement(string role, string? scope = null) : IAuthorizationRequirement, IAuthorizationHandler
{
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (context.PendingRequirements.Contains(this) && IsMet(context))
        {
            context.Succeed(this);
        }

        return Task.CompletedTask;
    }

    private bool IsMet(AuthorizationHandlerContext context)
    {
        var caller = context.User;
        if (scope is not null && caller.HasClaim(AccountClaims.Scope, scope))
        {
            return true;
        }

        return caller.HasRole(role) && !caller.MustChange() && (!caller.IsKey() || MayChange(context) || IsReading(context));
    }

    private static bool MayChange(AuthorizationHandlerContext context) =>
        context.User.HasClaim(AccountClaims.Scope, KeyScopes.Export) || context.User.HasClaim(AccountClaims.Scope, KeyScopes.Ops);

    private static bool IsReading(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext { Request.Method: var method } && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
}
