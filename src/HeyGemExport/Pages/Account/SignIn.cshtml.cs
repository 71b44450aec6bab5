using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Account;

[AllowAnonymous]
[RequestSizeLimit(MaxBodyBytes)]
internal sealed class SignInModel(SignInService signIn, ActiveMode mode) : PageModel
{
    public const int MaxBodyBytes = 16 << 10;

    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Password { get; set; }

    public SignInOutcome? Refusal { get; private set; }

    public IActionResult OnGet() =>
        !mode.HasSignIn ? Redirect("~/") : User.Identity is { IsAuthenticated: true } ? this.RedirectBack(ReturnUrl) : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!mode.HasSignIn)
        {
            return NotFound();
        }

        switch (await signIn.SignInAsync(Name ?? "", Password ?? "", Caller.Of(HttpContext), cancellationToken))
        {
            case SignInOutcome.Succeeded:
                return this.RedirectBack(ReturnUrl);
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
}
