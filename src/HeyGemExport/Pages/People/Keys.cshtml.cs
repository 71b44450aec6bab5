using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Keys;
using HeyGemExport.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HeyGemExport.Pages.People;

/// <summary>The keys of pipelines.</summary>
[Authorize(Policies.Admin)]
[RequestSizeLimit(Account.SignInModel.MaxBodyBytes)]
internal sealed class KeysModel(ApiKeys keys, TimeProvider time) : PageModel
{
    /// <summary>All of them, the newest first.</summary>
    public IReadOnlyList<ApiKey> Keys { get; private set; } = [];

    /// <summary>What became of a request for a key, or null.</summary>
    public KeyResult? Result { get; private set; }

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Keys = await keys.ListAsync(cancellationToken);

    /// <summary>Makes a key, which this answer shows and no other one.</summary>
    public async Task<IActionResult> OnPostAddAsync(string? name, string[]? scopes, string? days, CancellationToken cancellationToken)
    {
        // Nothing is for ever, nonsense is refused.
        int? lifetime = string.IsNullOrWhiteSpace(days) ? null : PageNumber.TryRead(days.Trim(), 0, ApiKeys.MaxDays, out var number) ? number : 0;
        Result = await keys.CreateAsync(name, scopes ?? [], lifetime, Caller.Of(HttpContext), cancellationToken);
        Keys = await keys.ListAsync(cancellationToken);
        return Page();
    }

    /// <summary>Ends a key; harmless when it has ended.</summary>
    public async Task<IActionResult> OnPostRevokeAsync(string? id, CancellationToken cancellationToken)
    {
        await keys.RevokeAsync(id ?? "", Caller.Of(HttpContext), cancellationToken);
        return RedirectToPage();
    }

    /// <summary>Whether a key opens anything now.</summary>
    public bool IsLive(ApiKey key)
    {
        return key.IsLive(time.GetUtcNow());
    }
}
