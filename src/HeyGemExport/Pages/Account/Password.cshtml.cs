using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HeyGemExport.Pages.Account;

/// <summary>Where people change their own password; after a one-time password the only page that they reach.</summary>
[Authorize(Policies.SignedIn)]
[RequestSizeLimit(SignInModel.MaxBodyBytes)]
internal sealed class PasswordModel(UserService people, SignInService gate, ActiveMode mode) : PageModel
{
    /// <summary>Where to go afterwards; only within the app.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>The present password.</summary>
    [BindProperty]
    public string? Current { get; set; }

    /// <summary>The new one.</summary>
    [BindProperty]
    public string? Next { get; set; }

    /// <summary>The new one, again.</summary>
    [BindProperty]
    public string? Repeated { get; set; }

    /// <summary>Why it was not changed, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Whether it was changed.</summary>
    public bool Changed { get; private set; }

    /// <summary>Whether it has to be.</summary>
    public bool IsForced => User.MustChange();

    /// <summary>Asks for it.</summary>
    public IActionResult OnGet() => mode.HasSignIn ? Page() : NotFound();

    /// <summary>Changes it.</summary>
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
        switch (await people.ChangePasswordAsync(User, Current, Next, Caller.Of(HttpContext), cancellationToken))
        {
            case UserResult.Done(var person):
                await gate.RefreshAsync(person);
                Changed = true;
                return wasForced ? Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl! : "~/") : Page();
            case UserResult.Refused(var code):
                Refusal = code;
                return Page();
            case var other:
                throw new InvalidOperationException($"Unknown result {other}.");
        }
    }
}
