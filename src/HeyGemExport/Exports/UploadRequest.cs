using HeyGemExport.Accounts;

namespace HeyGemExport.Exports;

/// <summary>What of an export is sent.</summary>
internal enum UploadContent
{
    /// <summary>The archive, all its parts.</summary>
    Archive,

    /// <summary>The videos, each as an object of its own.</summary>
    Videos,
}

/// <summary>Where an export goes when it is ready.</summary>
/// <param name="Destination">A destination that ops configured.</param>
/// <param name="What">What is sent.</param>
/// <param name="DropLocal">Whether the archive here is removed afterwards; null for what the destination says.</param>
/// <param name="Prefix">Put after the destination's own prefix; null for none.</param>
internal sealed record UploadRequest(string Destination, UploadContent What = UploadContent.Archive, bool? DropLocal = null, string? Prefix = null);

/// <summary>Sends exports on. Exports know no more of it than this.</summary>
internal interface IExportUploads
{
    /// <summary>Why nothing could be sent that way, or null. Asks no store.</summary>
    ExportError? Refuse(UploadRequest choice);

    /// <summary>Has an export sent as soon as it is ready.</summary>
    Task SendAsync(string exportId, UploadRequest choice, Caller caller, CancellationToken cancellationToken);
}
