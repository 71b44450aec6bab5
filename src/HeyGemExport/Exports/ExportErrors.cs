using HeyGemExport.Archives;
using HeyGemExport.Data;
using HeyGemExport.Jobs;

namespace HeyGemExport.Exports;

internal static class ExportErrors
{
    public static ExportError Describe(Exception exception, string tempFolder) => exception switch
    {
        ContractBrokenException broken =>
            new ExportError(CodeOf(broken.Issues), Files: [.. broken.Issues.Select(fault => new FileIssue(fault.Path, fault.Code))]),
        JobInterruptedException => new ExportError("interrupted"),
        IOException io when IsDiskFull(io) => new ExportError("disk-full", [tempFolder]),
        UnauthorizedAccessException or IOException => new ExportError("temp-unwritable", [tempFolder, exception.Message]),
        _ when DatabaseErrors.IsUnavailable(exception) => new ExportError("database-unavailable"),
        _ => new ExportError("internal", [exception.Message]),
    };

    private static string CodeOf(IReadOnlyList<SourceIssue> faults) => faults switch
    {
        _ when faults.All(fault => fault.Code is "mismatch") => "archive-mismatch",
        _ when faults.Any(fault => fault.Code is "corrupted") => "source-corrupted",
        _ when faults.All(fault => fault.Code is "vanished") => "source-vanished",
        _ when faults.All(fault => fault.Code is "unreadable" or "link") => "source-unreadable",
        _ => "source-changed",
    };

    private static bool IsDiskFull(IOException exception)
    {
        // ENOSPC and EDQUOT as Linux and macOS number them; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
        var code = exception.HResult & 0xFFFF;
        return OperatingSystem.IsWindows() ? code is 112 or 39 : code is 28 or 122 or 69;
    }
}
