using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Exports;
using HeyGemExport.Library;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Exports;

internal sealed class ConfirmModel(
    ExportService exports, ExportMetadata metadata, IExportUploads uploads, Destinations destinations, LibraryIndex library) : PageModel
{
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

    private Caller Caller => Caller.Of(HttpContext);

    /// <summary>The card has no address of its own: a reload or a language switch leads back to the library.</summary>
    public IActionResult OnGet() => RedirectToPage("/Library/Index");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Form.Again is { } id && await exports.FindAsync(id, Caller, cancellationToken) is { } export)
        {
            Form.Repeat(await exports.SelectionToRepeatAsync(export, Caller, cancellationToken), export.Options);
        }

        return await CardAsync(refusal: null, cancellationToken);
    }

    public async Task<IActionResult> OnPostPackAsync(CancellationToken cancellationToken)
    {
        var result = await exports.RequestAsync(
            Form.ToSelection(library), Form.ToOptions(), Deliver.ToRequest(), uploads, Caller, cancellationToken);
        return result is RequestExportResult.Refused(var error)
            ? await CardAsync(error, cancellationToken)
            : RedirectToPage("/Exports/Details", new { id = result.Recorded!.Id });
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

    private async Task<PageResult> CardAsync(ExportError? refusal, CancellationToken cancellationToken)
    {
        Preview = await exports.PreviewAsync(Form.ToSelection(library), Form.ToOptions(), Caller, cancellationToken);
        Refusal = refusal ?? Preview.Refusal;
        if (Refusal?.Files is { Count: > 0 } refused)
        {
            RemainingPaths = [.. (Form.Paths ?? []).Except(refused.Select(file => file.Path), StringComparer.Ordinal)];
        }

        return Page();
    }
}
