using HeyGemExport.Exports;

namespace HeyGemExport.Pages.Exports;

internal sealed class UploadForm
{
    /// <summary>Empty for no upload.</summary>
    public string? DeliverTo { get; set; }
    public UploadContent DeliverWhat { get; set; }
    public bool DropLocal { get; set; }

    public UploadRequest? ToRequest() => string.IsNullOrEmpty(DeliverTo) ? null : new UploadRequest(DeliverTo, DeliverWhat, DropLocal);
}
