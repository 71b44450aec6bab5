using System.Buffers;
using HeyGemExport.Archives;

namespace HeyGemExport.Uploads.Sending;

/// <summary>One upload in parts: reads them in order, and sends several at once those that the store does not have.</summary>
internal sealed class PartedUpload(
    ObjectStore store, string key, string uploadId, PartPlan plan, IReadOnlyDictionary<int, StoredPart> known)
{
    /// <param name="sums">Given every part in order.</param>
    public async Task<IReadOnlyList<StoredPart>> SendAsync(
        ISourceReader reader, SourceSums sums, int atOnce, IProgress<long> progress, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var slots = new SemaphoreSlim(atOnce);
        var sending = new List<Task<StoredPart>>(plan.Count);
        try
        {
            for (var number = 1; number <= plan.Count; number++)
            {
                await slots.WaitAsync(stop.Token);
                var buffer = await ReadAsync(number, reader, slots, stop.Token);

                // The sums want the parts in order, so they are taken before the next one is read.
                var md5 = sums.Add(buffer.AsSpan(0, plan.LengthOf(number)));
                sending.Add(SendAsync(number, buffer, md5, slots, progress, stop));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Either the person's wish, or a part that failed: what follows tells.
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            // No request may be under way when the caller goes on: a part that comes after an abort would stay in the store for ever.
            await ((Task)Task.WhenAll(sending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (sending.Find(part => part.IsFaulted) is { } failed)
        {
            await failed;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return await Task.WhenAll(sending);
    }

    private async Task<byte[]> ReadAsync(int number, ISourceReader reader, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(plan.LengthOf(number));
        try
        {
            await reader.ReadAtAsync(buffer.AsMemory(0, plan.LengthOf(number)), plan.OffsetOf(number), cancellationToken);
            return buffer;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            slots.Release();
            throw;
        }
    }

    private async Task<StoredPart> SendAsync(
        int number, byte[] buffer, byte[] md5, SemaphoreSlim slots, IProgress<long> progress, CancellationTokenSource stop)
    {
        var content = buffer.AsMemory(0, plan.LengthOf(number));
        try
        {
            if (!known.TryGetValue(number, out var part) || part.Bytes != content.Length
                || !string.Equals(part.ETag, Convert.ToHexStringLower(md5), StringComparison.Ordinal))
            {
                var etag = await store.PutPartAsync(key, uploadId, number, content, md5, stop.Token);
                part = new StoredPart(number, content.Length, etag);
            }

            progress.Report(content.Length);
            return part;
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            slots.Release();
        }
    }
}
