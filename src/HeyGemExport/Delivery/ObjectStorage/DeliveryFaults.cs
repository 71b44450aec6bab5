using HeyGemExport.Exports;
using HeyGemExport.Exports.Archives;

namespace HeyGemExport.Delivery.ObjectStorage;

/// <summary>Turns what went wrong while sending into an error that a person can read.</summary>
internal static class DeliveryFaults
{
    /// <summary>What went wrong, as the record keeps it.</summary>
    public static ExportError Describe(Exception exception, DeliveryRecord delivery) => exception switch
    {
        ObjectStoreException fault => fault.Error,
        ContractBrokenException when delivery.What == DeliveredContent.Archive => new ExportError("archive-gone"),
        ContractBrokenException broken => new ExportError("videos-changed", Files: [.. broken.Faults.Select(fault => new FileIssue(fault.Path, fault.Code))]),
        _ => new ExportError("internal", [exception.Message]),
    };
}
