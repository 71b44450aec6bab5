using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HeyGemExport.Pages.Account;

/// <summary>Ends the session; asks before, when somebody came by the address alone.</summary>
[Authorize(Policies.SignedIn)]
[RequestSizeLimit(SignInModel.MaxBodyBytes)]
internal sealed class SignOutModel(SignInService gate, ActiveMode mode) : PageModel
{
    /// <summary>Asks.</summary>
    public IActionResult OnGet() => mode.HasSignIn ? Page() : NotFound();

    /// <summary>Ends it.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!mode.HasSignIn)
        {
            return NotFound();
        }

        await gate.SignOutAsync(Caller.Of(HttpContext), cancellationToken);
        return RedirectToPage("/Account/SignIn");
    }
}
