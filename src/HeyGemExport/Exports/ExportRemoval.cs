using HeyGemExport.Accounts;
using HeyGemExport.Exports.Retention;

namespace HeyGemExport.Exports;

internal enum DisposalResult
{
    Done,
    NotFound,
    NotInState,
    InUse,
}

internal sealed class ExportRemoval(
    ExportStore store, ExportTransitions transitions, ArchiveRetention retention, ExportEvents events)
{
    public async Task<DisposalResult> RemoveArchiveAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } export)
        {
            return DisposalResult.NotFound;
        }

        if (export.State != ExportState.Ready)
        {
            return DisposalResult.NotInState;
        }

        if (!await retention.ExpireAsync(export, "by-hand", cancellationToken))
        {
            return DisposalResult.InUse;
        }

        await events.ArchiveRemovedAsync(export, caller);
        return DisposalResult.Done;
    }

    /// <summary>Deletes the record of an export without an archive. Others stay: they say what was handed over, and to whom.</summary>
    public async Task<DisposalResult> DeleteAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } export)
        {
            return DisposalResult.NotFound;
        }

        if (!await transitions.DeleteAsync(id, cancellationToken))
        {
            return DisposalResult.NotInState;
        }

        // Without the record no sweep would know the files as ours.
        retention.RemoveLeftovers(id);
        await events.DeletedAsync(export, caller);
        return DisposalResult.Done;
    }

    private async Task<Export?> FindAsync(string id, CancellationToken cancellationToken) =>
        ShortId.IsValid(id) ? await store.FindAsync(id, cancellationToken) : null;
}
