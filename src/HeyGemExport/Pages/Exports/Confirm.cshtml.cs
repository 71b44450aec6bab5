using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Library;
using HeyGemExport.Library.Posters;
using HeyGemExport.Pages.Library;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Exports;

internal sealed class ConfirmModel(
    ExportRequests requests, ExportService exports, ExportMetadata metadata, Destinations destinations, LibraryIndex library,
    DownloadHistory history, PosterService posters) : PageModel
{
    private const string LookCookie = "heygem.pack";

    public const int MaxNamed = 200;
    public const int MaxIncomplete = 20;
    public const int MaxMissing = 10;
    public const int MaxBatches = 6;
    public const int MaxFirst = 3;

    /// <summary>The most files that the list of everything names.</summary>
    public const int MaxListed = 2000;

    [BindProperty] public PackForm Form { get; set; } = new();
    [BindProperty] public UploadForm Deliver { get; set; } = new();

    public IReadOnlyList<Destination> Destinations => destinations.All;

    public ExportPreview Preview { get; private set; } = null!;
    public ExportError? Refusal { get; private set; }

    /// <summary>Empty when leaving out the refused is no solution.</summary>
    public IReadOnlyList<string> RemainingPaths { get; private set; } = [];

    /// <summary>How many of the videos the person has downloaded before, unchanged.</summary>
    public int DownloadedCount { get; private set; }

    /// <summary>Whether the card itself was sent, and not what is to be packed alone.</summary>
    public bool HasOptions => Request.Form.ContainsKey(nameof(PackForm.Compression));

    private Caller Caller => Caller.Of(HttpContext);

    /// <summary>How the library shows it; null if it is gone.</summary>
    public VideoRow? Row(ContractEntry entry) => library.Current.Find(entry.Path) is { } video
        ? new VideoRow(video, Reason: null, Notes: []) { Poster = posters.KindOf(video) }
        : null;

    /// <summary>The card has no address of its own: a reload or a language switch leads back to the library.</summary>
    public IActionResult OnGet() => RedirectToPage("/Library/Index");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Form.Again is { } id && await exports.FindAsync(id, Caller, cancellationToken) is { } export)
        {
            Form.Repeat(await exports.SelectionToRepeatAsync(export, Caller, cancellationToken), export.Options);
        }
        else if (!HasOptions)
        {
            Form.TakeLook(HttpContext.RecallOwn(LookCookie));
        }

        return await CardAsync(refusal: null, cancellationToken);
    }

    public async Task<IActionResult> OnPostPackAsync(CancellationToken cancellationToken)
    {
        var result = await requests.RequestAsync(
            Form.ToSelection(library), Form.ToOptions(), Deliver.ToRequest(), Caller, cancellationToken);
        if (result is RequestExportResult.Refused(var error))
        {
            return await CardAsync(error, cancellationToken);
        }

        HttpContext.RememberOwn(LookCookie, Form.Look);

        // The fragment has the page download an archive that is ready at once (export.js).
        return RedirectToPage("/Exports/Details", pageHandler: null, new { id = result.Recorded!.Id }, fragment: "confirmed");
    }

    public async Task<IActionResult> OnPostMetadataAsync(CancellationToken cancellationToken)
    {
        var (entries, refusal) = await metadata.OfAsync(Form.ToSelection(library), Form.ToOptions(), Caller, cancellationToken);
        if (refusal is not null)
        {
            return await CardAsync(refusal, cancellationToken);
        }

        Response.ContentType = ExportMetadata.MediaType;
        Response.Headers.ContentDisposition = $"attachment; filename={ExportMetadata.FileName}";
        await MetadataCsv.WriteAsync(entries, Response.Body, cancellationToken);
        return new EmptyResult();
    }

    /// <summary>What a script saves into a folder: name with folders, length and address of each video.</summary>
    public async Task<IActionResult> OnPostFilesAsync(CancellationToken cancellationToken)
    {
        var (entries, refusal) = await metadata.OfAsync(Form.ToSelection(library), Form.ToOptions(), Caller, cancellationToken);
        return refusal is null
            ? new JsonResult(entries.Select(entry => new
            {
                name = entry.EntryName,
                bytes = entry.Bytes,
                href = Url.Content("~/downloads/" + VideoRow.Escaped(entry.Path)),
            }))
            : StatusCode(StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<PageResult> CardAsync(ExportError? refusal, CancellationToken cancellationToken)
    {
        Preview = await requests.PreviewAsync(Form.ToSelection(library), Form.ToOptions(), Caller, cancellationToken);
        Refusal = refusal ?? Preview.Refusal;
        DownloadedCount = Form.NewOnly
            ? Preview.LeftOut.Count(issue => issue.Reason is "downloaded")
            : Preview.Entries.Count((await history.OfOrNoneAsync(Caller, cancellationToken)).Contains);
        if (Refusal?.Files is { Count: > 0 } refused)
        {
            RemainingPaths = [.. (Form.Paths ?? []).Except(refused.Select(file => file.Path), StringComparer.Ordinal)];
        }

        return Page();
    }
}
