using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Shares;
using HeyGemExport.Uploads;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Exports;

internal sealed class DetailsModel(
    ExportService exports, ExportRequests requests, UploadService uploads, Destinations destinations, ShareLinks links,
    IOptions<ShareOptions> sharing,
    IOptions<HttpOptions> http, IStringLocalizer<ShareTexts> shareTexts, TimeProvider time) : PageModel
{
    public Export Export { get; private set; } = null!;
    public ExportError? Refused { get; private set; }
    public IReadOnlyList<RenamedFile> Renamed { get; private set; } = [];
    public IReadOnlyList<ShareLink> Shares { get; private set; } = [];
    public ShareResult? Share { get; private set; }
    public string? ShareAddress { get; private set; }

    /// <summary>The password of the link that was just made; null for none.</summary>
    public string? SharePasswordText => Share is ShareResult.Created ? Form.Password : null;

    public ShareForm Form { get; private set; } = null!;

    /// <summary>Whether the form was sent, and is shown again.</summary>
    public bool IsFilledIn { get; private set; }

    /// <summary>Where links lead, when that is only this machine; else null.</summary>
    public string? LoopbackHost =>
        new Uri(ShareEndpoints.AddressOf("", Request, http.Value)) is { IsLoopback: true } address ? address.Authority : null;

    public ShareOptions Sharing => sharing.Value;
    public bool MayShare => Sharing.Enabled && Export.State == ExportState.Ready;

    public IReadOnlyList<Upload> Deliveries { get; private set; } = [];

    public bool CanDeliver => destinations.All.Count > 0;
    public int Percent => OverallProgress.Percent(Export);
    public long PhaseBytes => Export.State == ExportState.Verifying ? Export.VerifiedBytes : Export.DoneBytes;

    private Caller Caller => Caller.Of(HttpContext);

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(id, Caller, cancellationToken) is not { } export)
        {
            return NotFound();
        }

        Export = export;
        Form ??= new ShareForm(
            Sharing.DefaultDays.ToString(CultureInfo.InvariantCulture), Password: null, MaxDownloads: null, Title: null,
            Sender: Caller.Who is Caller.Anonymous ? null : Caller.Who);
        if (export.State == ExportState.Ready)
        {
            Renamed = await exports.RenamedAsync(id, cancellationToken);
            Shares = await links.ListAsync(id, Caller, cancellationToken) ?? [];
        }

        Deliveries = await uploads.OfExportAsync(id, Caller, cancellationToken);
        Response.DoNotStore();
        return Page();
    }

    /// <summary>Only this response shows the address and the password.</summary>
    public async Task<IActionResult> OnPostShareAsync(string id, ShareForm form, CancellationToken cancellationToken)
    {
        Form = form;
        Share = await links.CreateAsync(id, form.ToRequest(), Caller, cancellationToken);
        IsFilledIn = Share is ShareResult.Refused;
        ShareAddress = Share is ShareResult.Created(_, var token)
            ? ShareEndpoints.AddressOf(token.Reveal(), Request, http.Value)
            : null;
        return await OnGetAsync(id, cancellationToken);
    }

    /// <summary>The form with a new password in it.</summary>
    public async Task<IActionResult> OnPostPasswordAsync(string id, ShareForm form, CancellationToken cancellationToken)
    {
        (Form, IsFilledIn) = (form with { Password = SharePassword.Create() }, true);
        return await OnGetAsync(id, cancellationToken);
    }

    /// <summary>Harmless if it has ended.</summary>
    public async Task<IActionResult> OnPostRevokeAsync(string id, string? share, CancellationToken cancellationToken) =>
        await links.RevokeAsync(id, share ?? "", Caller, cancellationToken) ? RedirectToPage(new { id }) : NotFound();

    public async Task<IActionResult> OnPostRenameAsync(string id, string? name, CancellationToken cancellationToken) =>
        await exports.RenameAsync(id, name, Caller, cancellationToken) is null ? NotFound() : RedirectToPage(new { id });

    /// <summary>Packs what an instant export holds, so that it no longer depends on the videos.</summary>
    public async Task<IActionResult> OnPostPackAsync(string id, CancellationToken cancellationToken)
    {
        var result = await requests.PackFirstAsync(id, Caller, cancellationToken);
        Refused = (result as RequestExportResult.Refused)?.Error;
        return result?.Recorded is { } packed
            ? RedirectToPage(new { id = packed.Id })
            : await OnGetAsync(id, cancellationToken);
    }

    public ShareState StateOf(ShareLink link) => link.StateAt(time.GetUtcNow());

    public string Refusal(string code) => shareTexts["Share.Refused." + code];

    /// <summary>Harmless if the export has ended.</summary>
    public async Task<IActionResult> OnPostCancelAsync(string id, CancellationToken cancellationToken) =>
        await exports.CancelAsync(id, Caller, cancellationToken) switch
        {
            CancelExportResult.NotFound => NotFound(),
            CancelExportResult.Left => RedirectToPage("/Exports/Index"),
            _ => RedirectToPage(new { id }),
        };
}
