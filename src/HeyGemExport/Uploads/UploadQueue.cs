using System.Collections.Concurrent;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Jobs;

namespace HeyGemExport.Uploads;

/// <summary>Hands uploads to workers when their exports are ready, and keeps retention away from the archives until then.</summary>
internal sealed class UploadQueue(
    UploadStore store, UploadTransitions transitions, UploadEvents events, ExportStore exports, ActiveDownloads downloads,
    IJobQueue queue) : IExportFollower
{
    private readonly ConcurrentDictionary<string, IDisposable> held = new(StringComparer.Ordinal);

    public async Task OnEndedAsync(string exportId, CancellationToken cancellationToken)
    {
        foreach (var upload in await store.OfExportAsync(exportId, cancellationToken))
        {
            await EnqueueAsync(upload, cancellationToken);
        }
    }

    /// <summary>Enqueues a queued upload whose export is ready; fails one whose export never will be.</summary>
    public async Task EnqueueAsync(Upload upload, CancellationToken cancellationToken)
    {
        if (upload.State != UploadState.Queued || await exports.FindAsync(upload.ExportId, cancellationToken) is not { } export)
        {
            return;
        }

        if (UploadService.Obstacle(export, upload.What) is { } obstacle)
        {
            Release(upload.Id);
            await events.FailedAsync(
                upload, obstacle, doneBytes: 0, exception: null, () => transitions.FailAsync(upload.Id, obstacle, cancellationToken));
        }
        else if (export.HasEnded)
        {
            if (upload.What == UploadContent.Archive && !held.ContainsKey(upload.Id)
                && await downloads.TryAcquireAsync(upload.ExportId, cancellationToken) is { } lease && !held.TryAdd(upload.Id, lease))
            {
                lease.Dispose();
            }

            await queue.EnqueueAsync<UploadJob>(upload.Id, cancellationToken);
        }
    }

    /// <summary>A run holds the archive itself, and must be the only one that does when it removes it in the end.</summary>
    public void Release(string id)
    {
        if (held.TryRemove(id, out var lease))
        {
            lease.Dispose();
        }
    }

    public void ReleaseOthers(IReadOnlySet<string> queued)
    {
        foreach (var id in held.Keys.Where(id => !queued.Contains(id)))
        {
            Release(id);
        }
    }
}
