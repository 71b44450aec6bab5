using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HeyGemExport.Pages.People;

/// <summary>The people with accounts.</summary>
[Authorize(Policies.Admin)]
[RequestSizeLimit(Account.SignInModel.MaxBodyBytes)]
internal sealed class IndexModel(UserService directory, ActiveMode mode, TimeProvider time) : PageModel
{
    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<User> People { get; private set; } = [];

    /// <summary>What became of the last change, or null.</summary>
    public UserResult? Result { get; private set; }

    /// <summary>The mode in force: where people do not sign in here, the page says so.</summary>
    public AccountsMode Mode => mode.Mode;

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => People = await directory.ListAsync(cancellationToken);

    /// <summary>Adds somebody.</summary>
    public Task<IActionResult> OnPostAddAsync(string? name, string? role, CancellationToken cancellationToken) =>
        ShowAsync(directory.AddAsync(name ?? "", role ?? "", Caller.Of(HttpContext), cancellationToken), cancellationToken);

    /// <summary>Gives somebody a role.</summary>
    public Task<IActionResult> OnPostRoleAsync(string? name, string? role, CancellationToken cancellationToken) =>
        ShowAsync(ChangeAsync(name, role, disabled: null, cancellationToken), cancellationToken);

    /// <summary>Keeps somebody out.</summary>
    public Task<IActionResult> OnPostDisableAsync(string? name, CancellationToken cancellationToken) =>
        ShowAsync(ChangeAsync(name, role: null, disabled: true, cancellationToken), cancellationToken);

    /// <summary>Lets somebody in again.</summary>
    public Task<IActionResult> OnPostEnableAsync(string? name, CancellationToken cancellationToken) =>
        ShowAsync(ChangeAsync(name, role: null, disabled: false, cancellationToken), cancellationToken);

    /// <summary>Gives somebody a one-time password.</summary>
    public Task<IActionResult> OnPostResetAsync(string? name, CancellationToken cancellationToken) =>
        ShowAsync(directory.ResetPasswordAsync(name ?? "", Caller.Of(HttpContext), cancellationToken), cancellationToken);

    /// <summary>Whether no password of theirs is looked at just now.</summary>
    public bool IsLocked(User person)
    {
        return person.LockoutEnd > time.GetUtcNow();
    }

    private async Task<UserResult> ChangeAsync(string? name, string? role, bool? disabled, CancellationToken cancellationToken)
    {
        var person = (await directory.ListAsync(cancellationToken)).FirstOrDefault(person => string.Equals(person.Name, name, StringComparison.Ordinal));
        return person is null
            ? new UserResult.Refused("not-found")
            : await directory.ChangeAsync(person.Name, role ?? person.Role, disabled ?? person.Disabled, Caller.Of(HttpContext), cancellationToken);
    }

    // Without a redirect: a one-time password is on this answer only, and nowhere kept for a next one.
    private async Task<IActionResult> ShowAsync(Task<UserResult> change, CancellationToken cancellationToken)
    {
        Result = await change;
        People = await directory.ListAsync(cancellationToken);
        return Result is UserResult.Done ? RedirectToPage() : Page();
    }
}
