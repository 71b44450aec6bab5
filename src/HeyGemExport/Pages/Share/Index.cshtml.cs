using HeyGemExport.Shares;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Share;

[AllowAnonymous]
[RequestSizeLimit(Account.SignInModel.MaxBodyBytes)]
internal sealed class LinkModel(ShareAccess access, ShareLinks links, TimeProvider time) : PageModel
{
    public int MostFiles => 1000;

    public ShareEntry Entry { get; private set; }

    /// <summary>Null unless it opens something.</summary>
    public ShareLink? Link { get; private set; }

    /// <summary>Null until the link is open.</summary>
    public ShareContents? Contents { get; private set; }

    public bool WasWrong { get; private set; }

    public bool IsUsedUp => Link?.StateAt(time.GetUtcNow()) == ShareState.UsedUp;

    public async Task<IActionResult> OnGetAsync(string token, CancellationToken cancellationToken)
    {
        await EnterAsync(token, cancellationToken);
        if (Entry == ShareEntry.Open)
        {
            await access.OpenedAsync(Link!, HttpContext, cancellationToken);
        }

        return Answer();
    }

    public async Task<IActionResult> OnPostAsync(string token, string? password, CancellationToken cancellationToken)
    {
        await EnterAsync(token, cancellationToken);
        if (Entry == ShareEntry.Locked)
        {
            switch (await access.UnlockAsync(Link!, password, HttpContext, cancellationToken))
            {
                case true:
                    return RedirectToPage(new { token });
                case false:
                    WasWrong = true;
                    break;
                default:
                    Entry = ShareEntry.TooOften;
                    break;
            }
        }

        return Entry == ShareEntry.Open ? RedirectToPage(new { token }) : Answer();
    }

    private async Task EnterAsync(string token, CancellationToken cancellationToken)
    {
        (Entry, Link) = await access.EnterAsync(token, HttpContext, cancellationToken);
        Contents = Entry == ShareEntry.Open ? await links.ReadAsync(Link!, cancellationToken) : null;
    }

    private PageResult Answer()
    {
        ShareEndpoints.Hide(Response);
        if (Entry == ShareEntry.Locked)
        {
            // With no-referrer a browser sends the form with the origin "null", which is refused as another site's.
            Response.Headers["Referrer-Policy"] = "same-origin";
        }

        Response.StatusCode = Entry switch
        {
            ShareEntry.Unknown => StatusCodes.Status404NotFound,
            ShareEntry.TooOften => StatusCodes.Status429TooManyRequests,
            ShareEntry.Open when Contents is not { IsThere: true } => StatusCodes.Status410Gone,
            _ => StatusCodes.Status200OK,
        };
        return Page();
    }
}
