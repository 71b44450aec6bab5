using HeyGemExport.Library;
using HeyGemExport.Library.Tags;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Pages.Library;

/// <summary>Plays one video.</summary>
public sealed class WatchModel(LibraryIndex library, IStringLocalizer<LibraryTexts> texts) : PageModel
{
    /// <summary>The video.</summary>
    public VideoRow Row { get; private set; } = null!;

    /// <summary>Tags to choose from.</summary>
    public IEnumerable<TagSummary> KnownTags => library.Current.TagSummaries.Take(IndexModel.MaxTags);

    /// <summary>Shows it, or 404 when the library does not list it.</summary>
    public IActionResult OnGet(string path)
    {
        if (library.Current.Find(path) is not { } video)
        {
            return NotFound();
        }

        Row = new(video, video.Fault is { } fault ? texts.Describe(fault) : null, [.. video.Notes.Select(texts.Describe)]);
        return Page();
    }
}
