using HeyGemExport.Accounts;

namespace HeyGemExport.Exports;

internal enum UploadContent
{
    /// <summary>The archive, all its parts.</summary>
    Archive,

    /// <summary>The videos, each as an object of its own.</summary>
    Videos,
}

/// <summary>Where an export is uploaded when it is ready.</summary>
/// <param name="Destination">A destination that ops configured.</param>
/// <param name="DropLocal">Whether the local archive is removed afterwards; null to do as the destination says.</param>
/// <param name="Prefix">Appended to the destination's own prefix; null for none.</param>
internal sealed record UploadRequest(
    string Destination, UploadContent What = UploadContent.Archive, bool? DropLocal = null, string? Prefix = null);

/// <summary>Uploads exports. Exports know no more of it than this.</summary>
internal interface IExportUploads
{
    /// <summary>Why nothing can be uploaded that way, or null. Asks no object store.</summary>
    ExportError? Refuse(UploadRequest choice, Caller caller);

    Task SendAsync(string exportId, UploadRequest choice, Caller caller, CancellationToken cancellationToken);
}
