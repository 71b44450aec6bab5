using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Account;

[Authorize(Policies.SignedIn)]
[RequestSizeLimit(SignInModel.MaxBodyBytes)]
internal sealed class SignOutModel(SignInService signIn, ActiveMode mode) : PageModel
{
    public IActionResult OnGet() => mode.HasSignIn ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!mode.HasSignIn)
        {
            return NotFound();
        }

        await signIn.SignOutAsync(Caller.Of(HttpContext), cancellationToken);
        return RedirectToPage("/Account/SignIn");
    }
}
