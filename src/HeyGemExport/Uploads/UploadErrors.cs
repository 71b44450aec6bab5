using HeyGemExport.Archives;
using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

internal static class UploadErrors
{
    public static ExportError Describe(Exception exception, Upload upload) => exception switch
    {
        ObjectStoreException fault => fault.Error,
        ContractBrokenException when upload.What == UploadContent.Archive => new ExportError("archive-gone"),
        ContractBrokenException broken =>
            new ExportError("videos-changed", Files: [.. broken.Issues.Select(fault => new FileIssue(fault.Path, fault.Code))]),
        _ => new ExportError("internal", [exception.Message]),
    };
}
