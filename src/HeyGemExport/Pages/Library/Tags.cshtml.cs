using HeyGemExport.Accounts;
using HeyGemExport.Library;
using HeyGemExport.Library.Tags;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Pages.Library;

/// <summary>Where the forms of tags go. What cannot be done is said on a page of its own, or to the script that asked.</summary>
internal sealed class TagsModel(TagEditor editor, IStringLocalizer<LibraryTexts> texts, IStringLocalizer<PageTexts> words) : PageModel
{
    /// <summary>Videos.</summary>
    [BindProperty]
    public IReadOnlyList<string>? Paths { get; set; }

    /// <summary>Batches.</summary>
    [BindProperty]
    public IReadOnlyList<string>? Batches { get; set; }

    /// <summary>The tag that is written in the field.</summary>
    [BindProperty]
    public string? AddTag { get; set; }

    /// <summary>The tag whose button was pressed.</summary>
    [BindProperty]
    public string? RemoveTag { get; set; }

    /// <summary>Where to go afterwards; the library where it is no address of this app.</summary>
    [BindProperty]
    public string? ReturnUrl { get; set; }

    /// <summary>Why nothing was changed.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Where to go afterwards.</summary>
    public string Back => ReturnUrl is { } url && Url.IsLocalUrl(url) ? url : Url.Content("~/");

    private bool IsScript => Request.Headers.ContainsKey("X-Refresh");

    /// <summary>Tags are shown in the library.</summary>
    public IActionResult OnGet() => RedirectToPage("/Library/Index");

    /// <summary>Gives the tag that is written, or takes the one whose button was pressed.</summary>
    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => RemoveTag is null
        ? EditAsync(new TagEdit(Paths, Batches, Add: Written(AddTag)), cancellationToken)
        : EditAsync(new TagEdit(Paths, Batches, Remove: [RemoveTag]), cancellationToken);

    /// <summary>Takes the tag that is written.</summary>
    public Task<IActionResult> OnPostRemoveAsync(CancellationToken cancellationToken) =>
        EditAsync(new TagEdit(Paths, Batches, Remove: Written(AddTag)), cancellationToken);

    private static IReadOnlyList<string> Written(string? tag) => string.IsNullOrWhiteSpace(tag) ? [] : [tag];

    private async Task<IActionResult> EditAsync(TagEdit edit, CancellationToken cancellationToken)
    {
        switch (await editor.EditAsync(edit, Caller.Of(HttpContext), cancellationToken))
        {
            case TagEditResult.Done done:
                return IsScript ? Content(words["Tags.Changed", done.Changed], "text/plain; charset=utf-8") : Redirect(Back);
            case TagEditResult.Refused refused:
                Problem = texts.Describe(refused);
                Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                return IsScript ? new ContentResult { Content = Problem, ContentType = "text/plain; charset=utf-8", StatusCode = Response.StatusCode } : Page();
            default:
                throw new InvalidOperationException("Unknown outcome");
        }
    }
}
