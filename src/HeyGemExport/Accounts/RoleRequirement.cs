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

    private bool IsMet(AuthorizationHandlerContext context) =>
        (scope is not null && HasScope(context, scope))
        || (context.User.HasRole(role) && !context.User.MustChange()
            && (!context.User.IsKey() || HasScope(context, KeyScopes.Export) || HasScope(context, KeyScopes.Ops) || IsReading(context)));

    private static bool HasScope(AuthorizationHandlerContext context, string scope) =>
        context.User.HasClaim(AccountClaims.Scope, scope);

    private static bool IsReading(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext { Request.Method: var method } && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
}
