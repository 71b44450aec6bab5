using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Exports;

internal sealed class DeliveriesModel(ExportService exports, UploadService uploads, Destinations destinations) : PageModel
{
    public const int MaxObjects = 100;

    /// <summary>Seconds: an hour, a day, a week.</summary>
    public static IReadOnlyList<int> LinkTimes { get; } = [3600, 86_400, UploadService.MaxLinkSeconds];

    public Export Export { get; private set; } = null!;
    public IReadOnlyList<Upload> Deliveries { get; private set; } = [];

    public IReadOnlyList<Destination> Destinations => destinations.All;

    [BindProperty] public UploadForm Form { get; set; } = new();
    public ExportError? Refusal { get; private set; }

    /// <summary>Shown once and stored nowhere.</summary>
    public ObjectLink? Link { get; private set; }

    public bool IsMoving => Deliveries.Any(upload => !upload.HasEnded);
    public bool CanSend => Destinations.Count > 0 && Export.State is not (ExportState.Failed or ExportState.Cancelled);

    private Caller Caller => Caller.Of(HttpContext);

    public Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken) => ShowAsync(id, cancellationToken);

    public async Task<IActionResult> OnPostSendAsync(string id, CancellationToken cancellationToken)
    {
        if (Form.ToRequest() is not { } request)
        {
            return RedirectToPage(new { id });
        }

        var result = await uploads.RequestAsync(id, request, Caller, cancellationToken);
        Refusal = (result as RequestUploadResult.Refused)?.Error;
        return result switch
        {
            RequestUploadResult.NotFound => NotFound(),
            RequestUploadResult.Refused => await ShowAsync(id, cancellationToken),
            _ => RedirectToPage(new { id }),
        };
    }

    /// <summary>Harmless if the upload has ended.</summary>
    public async Task<IActionResult> OnPostCancelAsync(string id, string delivery, CancellationToken cancellationToken) =>
        After(await uploads.CancelAsync(delivery, Caller, cancellationToken), id);

    public async Task<IActionResult> OnPostRetryAsync(string id, string delivery, CancellationToken cancellationToken) =>
        After(await uploads.RetryAsync(delivery, Caller, cancellationToken), id);

    public async Task<IActionResult> OnPostLinkAsync(
        string id, string delivery, int number, int seconds, CancellationToken cancellationToken)
    {
        if (!LinkTimes.Contains(seconds))
        {
            return BadRequest();
        }

        Link = await uploads.LinkAsync(delivery, number, seconds, Caller, cancellationToken);
        return Link is null ? NotFound() : await ShowAsync(id, cancellationToken);
    }

    private async Task<IActionResult> ShowAsync(string id, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(id, Caller, cancellationToken) is not { } export)
        {
            return NotFound();
        }

        Export = export;
        Deliveries = await uploads.OfExportAsync(id, Caller, cancellationToken);
        Response.DoNotStore();
        return Page();
    }

    private IActionResult After(ChangeUploadResult result, string id) =>
        result == ChangeUploadResult.NotFound ? NotFound() : RedirectToPage(new { id });
}
