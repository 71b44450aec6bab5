using HeyGemExport.Accounts;
using HeyGemExport.Library;
using HeyGemExport.Shares;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Share;

[AllowAnonymous]
[RequestSizeLimit(Account.SignInModel.MaxBodyBytes)]
internal sealed class LinkModel(
    ShareAccess access, ShareLinks links, IOptions<HttpOptions> http, TimeProvider time) : PageModel
{
    /// <summary>A list of more files is closed at first.</summary>
    public const int MostOpen = 60;

    public int MostFiles => 1000;

    public ShareEntry Entry { get; private set; }

    /// <summary>Null unless it opens something.</summary>
    public ShareLink? Link { get; private set; }

    /// <summary>Null until the link is open.</summary>
    public ShareContents? Contents { get; private set; }

    /// <summary>Empty until the link is open.</summary>
    public IReadOnlyList<SharedFile> Files { get; private set; } = [];

    /// <summary>The video that the page plays.</summary>
    public SharedFile? Playing { get; private set; }

    /// <summary>The messenger in whose browser the page is shown.</summary>
    public string? InApp => InAppBrowser.Of(Request);

    public string Address => ShareEndpoints.AddressOf((string)RouteData.Values["token"]!, Request, http.Value);

    public bool WasWrong { get; private set; }

    public bool IsUsedUp => Link?.StateAt(time.GetUtcNow()) == ShareState.UsedUp;

    /// <param name="play">The number of the video to play.</param>
    public async Task<IActionResult> OnGetAsync(string token, int? play, CancellationToken cancellationToken)
    {
        await EnterAsync(token, cancellationToken);
        Playing = Files.FirstOrDefault(file => file.Number == play && VideoTypes.IsPlayed(file.Name));
        if (Entry == ShareEntry.Open && play is null)
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

    /// <summary>The one before or behind the video that is played, of those that browsers play.</summary>
    public SharedFile? Beside(int by)
    {
        var played = Files.Where(file => VideoTypes.IsPlayed(file.Name)).ToList();
        return played.ElementAtOrDefault(played.IndexOf(Playing!) + by);
    }

    private async Task EnterAsync(string token, CancellationToken cancellationToken)
    {
        (Entry, Link) = await access.EnterAsync(token, HttpContext, cancellationToken);
        Contents = Entry == ShareEntry.Open ? await links.ReadAsync(Link!, cancellationToken) : null;
        Files = Contents is { IsThere: true } ? await links.FilesAsync(Contents.Export, cancellationToken) : [];
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
