using System.Collections.Concurrent;
using HeyGemExport.Exports.Downloads;

namespace HeyGemExport.Shares;

/// <summary>Counts downloads through a link: those that were sent whole. One that breaks off goes on from wherever the link is opened: the
/// link itself is the proof. Until then nobody else can begin in its place, unless nobody is downloading it any more. Of what a proxy
/// sends it is not known when it is whole: there each request for the first byte counts. Each archive and each single file counts on its
/// own.</summary>
internal sealed class ShareQuota(ShareLinkStore store, ShareMetrics metrics) : IDisposable
{
    private readonly ConcurrentDictionary<string, int> active = new(StringComparer.Ordinal);

    // Of two that begin at the same time, the second must see what the first took.
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>The download that a request begins or goes on with, held until it is disposed; null when the link is used up.</summary>
    /// <param name="part">The number of the archive, or that of a single file below zero.</param>
    /// <param name="continues">Whether it asks for what follows the first byte.</param>
    public async Task<ShareDownload?> AdmitAsync(
        ShareLink link, int part, string from, bool continues, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var id = await store.FindToContinueAsync(link, part, from, continues, cancellationToken);
            if (id is null && await store.TryBeginAsync(link, part, from, cancellationToken) is { } begun)
            {
                id = begun;
                metrics.DownloadBegun();
            }

            id ??= await store.TryTakeOverAsync(link, part, from, active.ContainsKey, cancellationToken);
            if (id is null)
            {
                return null;
            }

            active.AddOrUpdate(id, 1, (_, count) => count + 1);
            return new ShareDownload(id, store, Release);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private void Release(string id)
    {
        if (active.AddOrUpdate(id, 0, (_, count) => count - 1) == 0)
        {
            active.TryRemove(new(id, 0));
        }
    }
}

/// <summary>A download through a link while a request works on it.</summary>
internal sealed class ShareDownload(string id, ShareLinkStore store, Action<string> release) : IDisposable
{
    private int disposed;

    /// <param name="bytes">The length of what is downloaded.</param>
    public Task SentAsync(long bytes, SentBytes sent) =>
        // What was handed over is as good as sent.
        sent.HandedOver && sent.From > 0 ? Task.CompletedTask
            : store.AddSentAsync(id, bytes, sent.From, sent.HandedOver ? bytes : sent.Count, CancellationToken.None);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            release(id);
        }
    }
}
