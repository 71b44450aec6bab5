using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.People;

[Authorize(Policies.Admin)]
[RequestSizeLimit(Account.SignInModel.MaxBodyBytes)]
internal sealed class IndexModel(UserService users, ActiveMode mode) : PageModel
{
    public IReadOnlyList<User> People { get; private set; } = [];
    public UserResult? Result { get; private set; }

    public AccountsMode Mode => mode.Mode;

    private Caller Caller => Caller.Of(HttpContext);

    public async Task OnGetAsync(CancellationToken cancellationToken) => People = await users.ListAsync(cancellationToken);

    public Task<IActionResult> OnPostAddAsync(string? name, string? role, CancellationToken cancellationToken) =>
        ShowAsync(users.AddAsync(name ?? "", role ?? "", Caller, cancellationToken), cancellationToken);

    public Task<IActionResult> OnPostRoleAsync(string? name, string? role, CancellationToken cancellationToken) =>
        ShowAsync(ChangeAsync(name, role, disabled: null, cancellationToken), cancellationToken);

    public Task<IActionResult> OnPostDisableAsync(string? name, CancellationToken cancellationToken) =>
        ShowAsync(ChangeAsync(name, role: null, disabled: true, cancellationToken), cancellationToken);

    public Task<IActionResult> OnPostEnableAsync(string? name, CancellationToken cancellationToken) =>
        ShowAsync(ChangeAsync(name, role: null, disabled: false, cancellationToken), cancellationToken);

    public Task<IActionResult> OnPostResetAsync(string? name, CancellationToken cancellationToken) =>
        ShowAsync(users.ResetPasswordAsync(name ?? "", Caller, cancellationToken), cancellationToken);

    private async Task<UserResult> ChangeAsync(string? name, string? role, bool? disabled, CancellationToken cancellationToken)
    {
        var user = (await users.ListAsync(cancellationToken))
            .FirstOrDefault(user => string.Equals(user.Name, name, StringComparison.Ordinal));
        return user is null
            ? new UserResult.Refused("not-found")
            : await users.ChangeAsync(user.Name, role ?? user.Role, disabled ?? user.Disabled, Caller, cancellationToken);
    }

    // A one-time password is shown without a redirect: it is in this response only and stored nowhere.
    private async Task<IActionResult> ShowAsync(Task<UserResult> change, CancellationToken cancellationToken)
    {
        Result = await change;
        People = await users.ListAsync(cancellationToken);
        return Result is UserResult.Done ? RedirectToPage() : Page();
    }
}
