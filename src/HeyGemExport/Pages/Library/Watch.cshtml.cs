using HeyGemExport.Library;
using HeyGemExport.Library.Tags;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Library;

internal sealed class WatchModel(LibraryIndex library, IStringLocalizer<LibraryTexts> texts) : PageModel
{
    public VideoRow Row { get; private set; } = null!;

    public IEnumerable<TagSummary> KnownTags => library.Current.TagSummaries.Take(IndexModel.MaxTags);

    public IActionResult OnGet(string path)
    {
        if (library.Current.Find(path) is not { } video)
        {
            return NotFound();
        }

        Row = new(video, texts);
        return Page();
    }
}
