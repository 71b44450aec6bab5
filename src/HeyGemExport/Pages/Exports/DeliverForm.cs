using HeyGemExport.Exports;

namespace HeyGemExport.Pages.Exports;

/// <summary>Where a person wants an export sent, as the forms send it.</summary>
public sealed class DeliverForm
{
    /// <summary>The destination; empty to leave the export here.</summary>
    public string? DeliverTo { get; set; }

    /// <summary>What is sent.</summary>
    public DeliveredContent DeliverWhat { get; set; }

    /// <summary>Whether the archive here is removed afterwards.</summary>
    public bool DropLocal { get; set; }

    /// <summary>The same as the API takes it; null to leave the export here.</summary>
    public DeliveryChoice? ToChoice() => string.IsNullOrEmpty(DeliverTo) ? null : new DeliveryChoice(DeliverTo, DeliverWhat, DropLocal);
}
