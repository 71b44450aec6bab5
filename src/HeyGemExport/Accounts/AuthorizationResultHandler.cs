using HeyGemExport.Accounts.Schemes;
using HeyGemExport.Api;
using HeyGemExport.Audit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace HeyGemExport.Accounts;

/// <summary>What a request that is not allowed is answered: programs get problem details, people a page that helps on. AuthorizationResultHandler of known callers are audited.</summary>
internal sealed class AuthorizationResultHandler(ActiveMode mode, AuditTrail audit, TimeProvider time) : IAuthorizationMiddlewareResultHandler
{
    public const string SignInPath = "/account/sign-in";
    public const string PasswordPath = "/account/password";

    private const int MostDetail = 200;

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
        }
        else if (authorizeResult.Challenged)
        {
            await AskAsync(context);
        }
        else
        {
            await ForbidAsync(context);
        }
    }

    private Task AskAsync(HttpContext context)
    {
        if (mode.IsOpen && AccountSchemes.BearerToken(context.Request) is null)
        {
            return AnswerAsync(context, StatusCodes.Status403Forbidden, "open-behind-proxy", "Accounts:Mode is open, and this request came through a proxy. Set Accounts:Mode to accounts or proxy, or Accounts:AllowOpenOnNetwork=true.");
        }

        if (mode.HasSignIn && context.Request.IsForPage())
        {
            var back = HttpMethods.IsGet(context.Request.Method) ? $"{context.Request.PathBase}{context.Request.Path}{context.Request.QueryString}" : "/";
            context.Response.Redirect($"{context.Request.PathBase}{SignInPath}?returnUrl={Uri.EscapeDataString(back)}");
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return AnswerAsync(context, StatusCodes.Status401Unauthorized, "sign-in-required", "Sign in, or send Authorization: Bearer with an API key.");
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

            await AnswerAsync(context, StatusCodes.Status403Forbidden, "password-change-required", "Change the one-time password first.");
            return;
        }

        var caller = Caller.Of(context);
        var what = $"{context.Request.Method} {context.Request.Path}";
        await audit.RecordAsync(
            new AuditRecord(time.GetUtcNow(), AuditActions.AccessRefused, caller.Who, caller.From, Outcome: "failed", Detail: what.Length > MostDetail ? what[..MostDetail] : what),
            context.RequestAborted);
        await AnswerAsync(context, StatusCodes.Status403Forbidden, "forbidden", "This account may not do that.");
    }

    private static Task AnswerAsync(HttpContext context, int status, string code, string detail)
    {
        if (context.Request.IsForPage() && code is not "open-behind-proxy")
        {
            // Without a body a person gets the error page.
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        return ApiProblem.Of(status, code, detail).ExecuteAsync(context);
    }
}
