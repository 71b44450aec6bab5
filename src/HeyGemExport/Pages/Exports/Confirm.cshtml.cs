using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Library;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HeyGemExport.Pages.Exports;

/// <summary>The confirm card: what would be packed, and the click that has it packed.</summary>
internal sealed class ConfirmModel(
    ExportService exports, ExportMetadata metadata, IExportUploads delivery, Destinations destinations, LibraryIndex library) : PageModel
{
    /// <summary>The most files that a list of left out or refused files names on the card.</summary>
    public const int MaxNamed = 200;

    /// <summary>The most batches that the card names as incomplete.</summary>
    public const int MaxIncomplete = 20;

    /// <summary>The most missing videos that the card names of a batch.</summary>
    public const int MaxMissing = 10;

    /// <summary>What is asked for.</summary>
    [BindProperty]
    public PackForm Form { get; set; } = new();

    /// <summary>Where it is to be sent afterwards.</summary>
    [BindProperty]
    public DeliverForm Deliver { get; set; } = new();

    /// <summary>Where it can be sent.</summary>
    public IReadOnlyList<Destination> Destinations => destinations.All;

    /// <summary>What would be packed.</summary>
    public ExportPreview Preview { get; private set; } = null!;

    /// <summary>Why it cannot be packed now, or null.</summary>
    public ExportError? Refusal { get; private set; }

    /// <summary>The picked videos without those that were refused; empty when there is no such way out.</summary>
    public IReadOnlyList<string> RemainingPaths { get; private set; } = [];

    /// <summary>The card has no address of its own: a reload or a language switch leads back to the library.</summary>
    public IActionResult OnGet() => RedirectToPage("/Library/Index");

    /// <summary>Shows the card. Packs nothing.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await RepeatAsync(cancellationToken);
        return await CardAsync(refusal: null, cancellationToken);
    }

    /// <summary>Has it packed, or joins the export with the same content.</summary>
    public async Task<IActionResult> OnPostPackAsync(CancellationToken cancellationToken)
    {
        var choice = Deliver.ToChoice();
        if (choice is not null && delivery.Refuse(choice) is { } wrong)
        {
            return await CardAsync(wrong, cancellationToken);
        }

        var result = await exports.RequestAsync(Form.ToSelection(library), Form.ToOptions(), Caller.Of(HttpContext), cancellationToken);
        if (choice is not null && result.Recorded is { } requested)
        {
            await delivery.SendAsync(requested.Id, choice, Caller.Of(HttpContext), cancellationToken);
        }

        return result switch
        {
            RequestExportResult.Created created => RedirectToPage("/Exports/Details", new { id = created.Export.Id }),
            RequestExportResult.Joined joined => RedirectToPage("/Exports/Details", new { id = joined.Export.Id }),
            RequestExportResult.Refused refused => await CardAsync(refused.Error, cancellationToken),
            _ => throw new InvalidOperationException($"Unknown result {result}."),
        };
    }

    /// <summary>The metadata of what would be packed, as a file. Packs nothing.</summary>
    public async Task<IActionResult> OnPostMetadataAsync(CancellationToken cancellationToken)
    {
        var found = await metadata.OfAsync(Form.ToSelection(library), Form.ToOptions(), Caller.Of(HttpContext), cancellationToken);
        if (found.Refusal is { } refusal)
        {
            return await CardAsync(refusal, cancellationToken);
        }

        Response.ContentType = ExportMetadata.MediaType;
        Response.Headers.ContentDisposition = $"attachment; filename={ExportMetadata.FileName}";
        await found.WriteAsync(Response.Body, cancellationToken);
        return new EmptyResult();
    }

    private async Task RepeatAsync(CancellationToken cancellationToken)
    {
        if (Form.Again is { } id && await exports.FindAsync(id, Caller.Of(HttpContext), cancellationToken) is { } export)
        {
            Form.Repeat(export);
        }
    }

    private async Task<PageResult> CardAsync(ExportError? refusal, CancellationToken cancellationToken)
    {
        Preview = await exports.PreviewAsync(Form.ToSelection(library), Form.ToOptions(), Caller.Of(HttpContext), cancellationToken);
        Refusal = refusal ?? Preview.Refusal;
        if (Refusal?.Files is { Count: > 0 } refused)
        {
            RemainingPaths = [.. (Form.Paths ?? []).Except(refused.Select(file => file.Path), StringComparer.Ordinal)];
        }

        return Page();
    }
}
