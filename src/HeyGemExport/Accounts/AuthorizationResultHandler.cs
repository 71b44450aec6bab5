using HeyGemExport.Accounts.Schemes;
using HeyGemExport.Api;
using HeyGemExport.Audit;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.Authorization.Policy;

namespace HeyGemExport.Accounts;

/// <summary>Programs get problem details, browsers a page. What known callers are denied is audited.</summary>
internal sealed class AuthorizationResultHandler(ActiveMode mode, AuditTrail audit) : IAuthorizationMiddlewareResultHandler
{
    public const string SignInPath = "/account/sign-in";
    public const string PasswordPath = "/account/password";

    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded ? next(context)
        : authorizeResult.Challenged ? ChallengeAsync(context)
        : ForbidAsync(context);

    private Task ChallengeAsync(HttpContext context)
    {
        if (mode.IsOpen && AccountSchemes.BearerToken(context.Request) is null)
        {
            return ApiProblem.Of(
                StatusCodes.Status403Forbidden,
                "open-behind-proxy",
                "Accounts:Mode is open, and this request came through a proxy. "
                + "Set Accounts:Mode to accounts or proxy, or Accounts:AllowOpenOnNetwork=true.").ExecuteAsync(context);
        }

        if (mode.HasSignIn && context.Request.IsForPage())
        {
            var back = HttpMethods.IsGet(context.Request.Method)
                ? $"{context.Request.PathBase}{context.Request.Path}{context.Request.QueryString}"
                : "/";
            context.Response.Redirect($"{context.Request.PathBase}{SignInPath}?returnUrl={Uri.EscapeDataString(back)}");
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return RefuseAsync(
            context, StatusCodes.Status401Unauthorized, "sign-in-required", "Sign in, or send Authorization: Bearer with an API key.");
    }

    private async Task ForbidAsync(HttpContext context)
    {
        if (context.User.MustChange())
        {
            if (context.Request.IsForPage())
            {
                context.Response.Redirect(context.Request.PathBase + PasswordPath);
                return;
            }

            await RefuseAsync(context, StatusCodes.Status403Forbidden, "password-change-required", "Change the one-time password first.");
            return;
        }

        var detail = $"{context.Request.Method} {LoggedPath.Of(context.Request.Path)}";
        await audit.RecordAsync(AuditActions.AccessRefused, Caller.Of(context), context.RequestAborted, outcome: "failed", detail: detail);
        await RefuseAsync(context, StatusCodes.Status403Forbidden, "forbidden", "This account may not do that.");
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string detail)
    {
        if (context.Request.IsForPage())
        {
            // Without a body the error page is shown.
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        return ApiProblem.Of(status, code, detail).ExecuteAsync(context);
    }
}
