using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HeyGemExport.Pages.Account;

/// <summary>Where people sign in.</summary>
[AllowAnonymous]
[RequestSizeLimit(MaxBodyBytes)]
internal sealed class SignInModel(SignInService gate, ActiveMode mode) : PageModel
{
    /// <summary>Bytes of the form: a name, a password and an address.</summary>
    public const int MaxBodyBytes = 16 << 10;

    /// <summary>Where to go afterwards; only within the app.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>What the person typed as name.</summary>
    [BindProperty]
    public string? Name { get; set; }

    /// <summary>What the person typed as password. Never shown again.</summary>
    [BindProperty]
    public string? Password { get; set; }

    /// <summary>Why the session did not begin, or null.</summary>
    public SignInOutcome? Refusal { get; private set; }

    /// <summary>Asks who it is.</summary>
    public IActionResult OnGet() => !mode.HasSignIn ? Redirect("~/") : User.Identity is { IsAuthenticated: true } ? Back() : Page();

    /// <summary>Begins the session.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!mode.HasSignIn)
        {
            return NotFound();
        }

        switch (await gate.SignInAsync(Name ?? "", Password ?? "", Caller.Of(HttpContext), cancellationToken))
        {
            case SignInOutcome.Succeeded:
                return Back();
            case SignInOutcome.MustChange:
                return RedirectToPage("/Account/Password", new { ReturnUrl });
            case SignInOutcome.TooMany:
                Response.StatusCode = StatusCodes.Status429TooManyRequests;
                Response.Headers.RetryAfter = "60";
                Refusal = SignInOutcome.TooMany;
                return Page();
            default:
                Refusal = SignInOutcome.Refused;
                return Page();
        }
    }

    private RedirectResult Back() => Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl! : "~/");
}
