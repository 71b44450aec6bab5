using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

/// <summary>The store refused a request, did not answer, or does not have what was sent.</summary>
/// <param name="isTransient">Whether the same request may succeed a little later.</param>
internal sealed class ObjectStoreException(ExportError error, bool isTransient, Exception? inner = null)
    : Exception($"{error?.Code}: {string.Join(", ", error?.Args ?? [])}", inner)
{
    public ExportError Error { get; } = error!;
    public bool IsTransient { get; } = isTransient;

    /// <summary>Whether the store knows no such multipart upload (any more).</summary>
    public bool IsNoSuchUpload { get; init; }
}
