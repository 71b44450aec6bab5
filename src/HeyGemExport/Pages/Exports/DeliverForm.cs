using HeyGemExport.Exports;

namespace HeyGemExport.Pages.Exports;

/// <summary>Where a person wants an export sent, as the forms send it.</summary>
internal sealed class DeliverForm
{
    /// <summary>The destination; empty to leave the export here.</summary>
    public string? DeliverTo { get; set; }

    /// <summary>What is sent.</summary>
    public UploadContent DeliverWhat { get; set; }

    /// <summary>Whether the archive here is removed afterwards.</summary>
    public bool DropLocal { get; set; }

    /// <summary>The same as the API takes it; null to leave the export here.</summary>
    public UploadRequest? ToChoice() => string.IsNullOrEmpty(DeliverTo) ? null : new UploadRequest(DeliverTo, DeliverWhat, DropLocal);
}
