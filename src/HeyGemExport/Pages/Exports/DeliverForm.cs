using HeyGemExport.Exports;

namespace HeyGemExport.Pages.Exports;

/// <summary>Where a person wants an export uploaded, as the forms send it.</summary>
internal sealed class DeliverForm
{
    /// <summary>The destination; empty for no upload.</summary>
    public string? DeliverTo { get; set; }

    public UploadContent DeliverWhat { get; set; }

    /// <summary>Whether the local archive is removed afterwards.</summary>
    public bool DropLocal { get; set; }

    /// <summary>The request; null for no upload.</summary>
    public UploadRequest? ToRequest() => string.IsNullOrEmpty(DeliverTo) ? null : new UploadRequest(DeliverTo, DeliverWhat, DropLocal);
}
