using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HeyGemExport.Pages.Exports;

/// <summary>The deliveries of one export: what is on its way, what is there, and the form that sends it somewhere.</summary>
internal sealed class DeliveriesModel(ExportService exports, UploadService deliveries, Destinations destinations) : PageModel
{
    /// <summary>The most objects of a delivery that the page names.</summary>
    public const int MaxObjects = 100;

    /// <summary>How long a link may be made to work, in seconds: an hour, a day, a week.</summary>
    public static IReadOnlyList<int> LinkTimes { get; } = [3600, 86_400, UploadService.MaxLinkSeconds];

    /// <summary>The export.</summary>
    public Export Export { get; private set; } = null!;

    /// <summary>Its deliveries, newest first.</summary>
    public IReadOnlyList<Upload> Deliveries { get; private set; } = [];

    /// <summary>Where it can be sent.</summary>
    public IReadOnlyList<Destination> Destinations => destinations.All;

    /// <summary>What is asked for.</summary>
    [BindProperty]
    public DeliverForm Form { get; set; } = new();

    /// <summary>Why that was refused, or null.</summary>
    public ExportError? Refusal { get; private set; }

    /// <summary>A link that was asked for, or null. It is shown once and kept nowhere.</summary>
    public ObjectLink? Link { get; private set; }

    /// <summary>Whether anything on this page will change by itself.</summary>
    public bool IsMoving => Deliveries.Any(delivery => !delivery.HasEnded);

    /// <summary>Whether the export can be sent now or later.</summary>
    public bool CanSend => Destinations.Count > 0 && Export.State is not (ExportState.Failed or ExportState.Cancelled);

    private Caller Caller => Caller.Of(HttpContext);

    /// <summary>Shows them.</summary>
    public Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken) => ShowAsync(id, cancellationToken);

    /// <summary>Has the export sent.</summary>
    public async Task<IActionResult> OnPostSendAsync(string id, CancellationToken cancellationToken)
    {
        if (Form.ToChoice() is not { } choice)
        {
            return RedirectToPage(new { id });
        }

        var result = await deliveries.RequestAsync(id, choice, Caller, cancellationToken);
        Refusal = (result as RequestUploadResult.Refused)?.Error;
        return result switch
        {
            RequestUploadResult.NotFound => NotFound(),
            RequestUploadResult.Refused => await ShowAsync(id, cancellationToken),
            _ => RedirectToPage(new { id }),
        };
    }

    /// <summary>Cancels one; harmless when it has ended.</summary>
    public async Task<IActionResult> OnPostCancelAsync(string id, string delivery, CancellationToken cancellationToken) =>
        Told(id, await deliveries.CancelAsync(delivery, Caller, cancellationToken));

    /// <summary>Has one that failed go on.</summary>
    public async Task<IActionResult> OnPostRetryAsync(string id, string delivery, CancellationToken cancellationToken) =>
        Told(id, await deliveries.RetryAsync(delivery, Caller, cancellationToken));

    /// <summary>Makes a link to one object.</summary>
    public async Task<IActionResult> OnPostLinkAsync(string id, string delivery, int number, int seconds, CancellationToken cancellationToken)
    {
        if (!LinkTimes.Contains(seconds))
        {
            return BadRequest();
        }

        Link = await deliveries.LinkAsync(delivery, number, seconds, Caller, cancellationToken);
        return Link is null ? NotFound() : await ShowAsync(id, cancellationToken);
    }

    private async Task<IActionResult> ShowAsync(string id, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(id, Caller, cancellationToken) is not { } export)
        {
            return NotFound();
        }

        Export = export;
        Deliveries = await deliveries.OfExportAsync(id, cancellationToken);
        Response.Headers.CacheControl = "no-cache, no-store";
        return Page();
    }

    private IActionResult Told(string id, ChangeUploadResult result) => result == ChangeUploadResult.NotFound ? NotFound() : RedirectToPage(new { id });
}
