using HeyGemExport.Accounts;

namespace HeyGemExport.Exports;

/// <summary>One page of exports, newest first.</summary>
public sealed record ExportPage(IReadOnlyList<Export> Items, int Total, int Page, int PageSize);

/// <summary>Exports as pages and the API see them.</summary>
public sealed class ExportService
{
    /// <summary>What an export of the selection would pack, as of this moment. Records nothing.</summary>
    public Task<ExportPreview> PreviewAsync(Selection selection, PackOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Freezes the contract, records the export and queues it; or joins the one with the same content.</summary>
    public Task<RequestExportResult> RequestAsync(Selection selection, PackOptions options, Caller caller, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The export with its figures of this moment, or null.</summary>
    public Task<Export?> FindAsync(string id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Exports, newest first.</summary>
    public Task<ExportPage> ListAsync(int page, int pageSize, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Ends an export that has not ended.</summary>
    public Task<CancelExportResult> CancelAsync(string id, Caller caller, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The export now, and again whenever its figures change, until it has ended.</summary>
    public IAsyncEnumerable<Export> WatchAsync(string id, CancellationToken cancellationToken) => throw new NotImplementedException();
}
