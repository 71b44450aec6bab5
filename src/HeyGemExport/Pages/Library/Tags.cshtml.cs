using HeyGemExport.Accounts;
using HeyGemExport.Library;
using HeyGemExport.Library.Tags;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Library;

/// <summary>An error is shown on a page of its own, or returned to the script that asked.</summary>
internal sealed class TagsModel(TagEditor editor, IStringLocalizer<LibraryTexts> texts, IStringLocalizer<PageTexts> words) : PageModel
{
    [BindProperty] public IReadOnlyList<string>? Paths { get; set; }
    [BindProperty] public IReadOnlyList<string>? Batches { get; set; }

    [BindProperty] public string? AddTag { get; set; }

    [BindProperty] public string? RemoveTag { get; set; }

    [BindProperty] public string? ReturnUrl { get; set; }

    public string Problem { get; private set; } = "";

    public string Back => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : Url.Content("~/");

    private bool IsScript => Request.Headers.ContainsKey("X-Refresh");

    public IActionResult OnGet() => RedirectToPage("/Library/Index");

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => RemoveTag is null
        ? EditAsync(new TagEdit(Paths, Batches, Add: Written(AddTag)), cancellationToken)
        : EditAsync(new TagEdit(Paths, Batches, Remove: [RemoveTag]), cancellationToken);

    public Task<IActionResult> OnPostRemoveAsync(CancellationToken cancellationToken) =>
        EditAsync(new TagEdit(Paths, Batches, Remove: Written(AddTag)), cancellationToken);

    private static IReadOnlyList<string> Written(string? tag) => string.IsNullOrWhiteSpace(tag) ? [] : [tag];

    private async Task<IActionResult> EditAsync(TagEdit edit, CancellationToken cancellationToken)
    {
        var result = await editor.EditAsync(edit, Caller.Of(HttpContext), cancellationToken);
        if (result is TagEditResult.Done(var changed))
        {
            return IsScript ? Content(words["Tags.Changed", changed], "text/plain; charset=utf-8") : Redirect(Back);
        }

        Problem = texts.Describe((TagEditResult.Refused)result);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return IsScript ? Content(Problem, "text/plain; charset=utf-8") : Page();
    }
}
