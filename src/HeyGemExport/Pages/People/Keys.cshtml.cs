using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Keys;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.People;

[Authorize(Policies.Admin)]
[RequestSizeLimit(Account.SignInModel.MaxBodyBytes)]
internal sealed class KeysModel(ApiKeys keys, TimeProvider time) : PageModel
{
    public IReadOnlyList<ApiKey> Keys { get; private set; } = [];
    public KeyResult? Result { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken) => Keys = await keys.ListAsync(cancellationToken);

    public async Task<IActionResult> OnPostAddAsync(string? name, string[]? scopes, string? days, CancellationToken cancellationToken)
    {
        var lifetime = PageModelExtensions.ReadNumber(days, ApiKeys.MaxDays);
        Result = await keys.CreateAsync(name, scopes ?? [], lifetime, Caller.Of(HttpContext), cancellationToken);
        Keys = await keys.ListAsync(cancellationToken);
        return Page();
    }

    /// <summary>Harmless if the key has ended.</summary>
    public async Task<IActionResult> OnPostRevokeAsync(string? id, CancellationToken cancellationToken)
    {
        await keys.RevokeAsync(id ?? "", Caller.Of(HttpContext), cancellationToken);
        return RedirectToPage();
    }

    public bool IsLive(ApiKey key) => key.IsLive(time.GetUtcNow());
}
