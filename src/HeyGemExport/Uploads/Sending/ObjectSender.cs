using System.Buffers;
using System.Security.Cryptography;
using HeyGemExport.Archives;
using HeyGemExport.Exports;

namespace HeyGemExport.Uploads.Sending;

/// <param name="PartBytes">How it is cut.</param>
internal sealed record BegunUpload(string Id, long PartBytes);

internal sealed record ObjectOrder(ObjectSource Source, string Key)
{
    public BegunUpload? Begun { get; init; }

    /// <summary>Called with the upload when one has begun, before any part is sent.</summary>
    public Func<BegunUpload, Task> Begin { get; init; } = _ => Task.CompletedTask;
}

/// <summary>Sends one object and verifies that it arrived. Reads the source once, in constant memory: as many parts as are sent at once. An
/// upload that was begun goes on: parts that the store has, with the checksum that they must have, are not sent again.</summary>
internal sealed class ObjectSender(ObjectStore store, DestinationOptions settings)
{
    /// <summary>What the parts that are in memory may take together, as long as one fits.</summary>
    private const long BufferBytes = 256L << 20;

    /// <param name="cancellationToken">Ends it; an upload that was begun stays, to be resumed or aborted.</param>
    /// <exception cref="ContractBrokenException">The source is not what was promised; no object was made of it.</exception>
    /// <exception cref="ObjectStoreException">The store refused it, or what arrived is something else.</exception>
    public async Task SendAsync(ObjectOrder order, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var plan = order.Begun is { } begun
            ? new PartPlan(order.Source.Bytes, begun.PartBytes)
            : PartPlan.For(order.Source.Bytes, settings.PartBytes);
        using var sums = new SourceSums();
        await using var reader = await order.Source.OpenAsync();
        if (plan.IsWhole)
        {
            await SendWholeAsync(order, plan, reader, sums, cancellationToken);
        }
        else if (!await SendPartsAsync(order, plan, reader, sums, progress, cancellationToken))
        {
            return;
        }

        await EnsureArrivedAsync(order, sums.ETag(plan.IsWhole), cancellationToken);
        if (plan.IsWhole)
        {
            progress.Report(order.Source.Bytes);
        }
    }

    /// <summary>Compares length and checksum; reads the object back where the store's checksum says nothing.</summary>
    /// <exception cref="ObjectStoreException">It is not there, or not what was sent.</exception>
    internal async Task EnsureArrivedAsync(ObjectOrder order, string etag, CancellationToken cancellationToken)
    {
        var source = order.Source;
        var there = await store.HeadAsync(order.Key, cancellationToken);

        // A store that encrypts, or compresses, has checksums of its own.
        if (there?.Bytes == source.Bytes
            && ((settings.Verify == ArrivalVerification.Etag && string.Equals(there.ETag, etag, StringComparison.Ordinal))
                || string.Equals(await ReadBackAsync(order, cancellationToken), source.Sha256, StringComparison.Ordinal)))
        {
            return;
        }

        throw new ObjectStoreException(new ExportError("arrival-mismatch", [order.Key]), isTransient: false);
    }

    private Task<string> ReadBackAsync(ObjectOrder order, CancellationToken cancellationToken) => store.ReadAsync(
        order.Key,
        order.Source.Bytes,
        async (stream, token) => Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, token)),
        cancellationToken);

    private async Task SendWholeAsync(
        ObjectOrder order, PartPlan plan, ISourceReader reader, SourceSums sums, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(1, plan.Bytes));
        try
        {
            var content = buffer.AsMemory(0, (int)plan.Bytes);
            await reader.ReadAtAsync(content, 0, cancellationToken);
            var md5 = sums.Add(content.Span);
            EnsureAsPromised(order.Source, reader, sums);
            await store.PutAsync(order.Key, content, md5, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>False when an earlier attempt had come to its end already, and the object has been verified.</returns>
    private async Task<bool> SendPartsAsync(
        ObjectOrder order, PartPlan plan, ISourceReader reader, SourceSums sums, IProgress<long> progress,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredPart>? known = null;
        if (order.Begun is { } begun)
        {
            known = await store.ListPartsAsync(order.Key, begun.Id, cancellationToken);
            if (known is null && await HasArrivedAsync(order, plan, reader, cancellationToken))
            {
                progress.Report(order.Source.Bytes);
                return false;
            }
        }

        var uploadId = known is null ? await BeginAsync(order, plan, cancellationToken) : order.Begun!.Id;
        var upload = new PartedUpload(store, order.Key, uploadId, plan, (known ?? []).ToDictionary(part => part.Number));
        var slots = (int)Math.Clamp(BufferBytes / plan.PartBytes, 1, settings.PartsAtOnce);
        var parts = await upload.SendAsync(reader, sums, slots, progress, cancellationToken);
        try
        {
            EnsureAsPromised(order.Source, reader, sums);
        }
        catch (ContractBrokenException)
        {
            await store.AbortAsync(order.Key, uploadId, CancellationToken.None);
            throw;
        }

        await store.CompleteAsync(order.Key, uploadId, parts, cancellationToken);
        return true;
    }

    private async Task<string> BeginAsync(ObjectOrder order, PartPlan plan, CancellationToken cancellationToken)
    {
        var uploadId = await store.BeginAsync(order.Key, cancellationToken);
        try
        {
            await order.Begin(new BegunUpload(uploadId, plan.PartBytes));
            return uploadId;
        }
        catch
        {
            // Nobody remembers it.
            await store.AbortAsync(order.Key, uploadId, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The upload is gone. Either it was completed just before the process ended, or the store cleared it away.</summary>
    private async Task<bool> HasArrivedAsync(ObjectOrder order, PartPlan plan, ISourceReader reader, CancellationToken cancellationToken)
    {
        if (await store.HeadAsync(order.Key, cancellationToken) is not { } there || there.Bytes != plan.Bytes)
        {
            return false;
        }

        using var sums = new SourceSums();
        var buffer = ArrayPool<byte>.Shared.Rent((int)plan.PartBytes);
        try
        {
            for (var number = 1; number <= plan.Count; number++)
            {
                var content = buffer.AsMemory(0, plan.LengthOf(number));
                await reader.ReadAtAsync(content, plan.OffsetOf(number), cancellationToken);
                sums.Add(content.Span);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        EnsureAsPromised(order.Source, reader, sums);
        var isSame = string.Equals(there.ETag, sums.ETag(isWhole: false), StringComparison.Ordinal);
        if (isSame || settings.Verify == ArrivalVerification.Read)
        {
            await EnsureArrivedAsync(order, there.ETag, cancellationToken);
            return true;
        }

        return false;
    }

    private static void EnsureAsPromised(ObjectSource source, ISourceReader reader, SourceSums sums)
    {
        reader.EnsureUnchanged();
        if (!string.Equals(sums.Sha256(), source.Sha256, StringComparison.Ordinal))
        {
            throw new ContractBrokenException([new SourceIssue(source.Name, "changed", "sha256")]);
        }
    }
}
