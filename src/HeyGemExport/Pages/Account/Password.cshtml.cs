using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Account;

/// <summary>With a one-time password it is the only page that can be opened.</summary>
[Authorize(Policies.SignedIn)]
[RequestSizeLimit(SignInModel.MaxBodyBytes)]
internal sealed class PasswordModel(UserService users, SignInService signIn, ActiveMode mode) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }
    [BindProperty] public string? Current { get; set; }
    [BindProperty] public string? Next { get; set; }
    [BindProperty] public string? Repeated { get; set; }

    public string? Refusal { get; private set; }

    public bool Changed { get; private set; }

    public bool IsForced => User.MustChange();

    public IActionResult OnGet() => mode.HasSignIn ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!mode.HasSignIn)
        {
            return NotFound();
        }

        if (!string.Equals(Next, Repeated, StringComparison.Ordinal))
        {
            Refusal = "not-repeated";
            return Page();
        }

        var wasForced = IsForced;
        switch (await users.ChangePasswordAsync(User, Current, Next, Caller.Of(HttpContext), cancellationToken))
        {
            case UserResult.Done(var user):
                await signIn.RefreshAsync(user);
                Changed = true;
                return wasForced ? this.RedirectBack(ReturnUrl) : Page();
            case UserResult.Refused(var code):
                Refusal = code;
                return Page();
            case var other:
                throw new InvalidOperationException($"Unknown result {other}.");
        }
    }
}
