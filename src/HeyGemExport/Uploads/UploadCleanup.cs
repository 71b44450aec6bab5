namespace HeyGemExport.Uploads;

/// <summary>Has stores forget what was half sent: parts of an upload that nobody completes cost money for ever.</summary>
internal sealed partial class UploadCleanup(UploadStore store, UploadTransitions transitions, Destinations destinations, TimeProvider time, ILogger<UploadCleanup> log)
{
    /// <summary>For as long the person who sees that it failed can have it gone on with.</summary>
    public static readonly TimeSpan KeepFailed = TimeSpan.FromHours(24);

    /// <summary>After a store refused, it is asked again only then.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private DateTimeOffset notBefore;

    /// <summary>Clears away the uploads of deliveries that were cancelled, or that failed long ago.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < notBefore)
        {
            return;
        }

        foreach (var delivery in await store.AbandonedAsync(now - KeepFailed, cancellationToken))
        {
            try
            {
                await ClearAsync(delivery, cancellationToken);
            }
            catch (ObjectStoreException fault)
            {
                notBefore = now + Pause;
                Log.NotCleared(log, delivery.Id, fault.Message);
            }
        }
    }

    private async Task ClearAsync(Upload delivery, CancellationToken cancellationToken)
    {
        if (destinations.Find(delivery.Destination) is null)
        {
            return;
        }

        using var objects = destinations.Open(delivery.Destination, delivery.Bucket);
        foreach (var item in delivery.Objects.Where(item => item is { Arrived: false, UploadId: not null }))
        {
            await objects.AbortAsync(item.Key, item.UploadId!, cancellationToken);
            await transitions.RememberAsync(delivery.Id, item.Ordinal, upload: null, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "What delivery {DeliveryId} had half sent could not be cleared away: {Reason}")]
        public static partial void NotCleared(ILogger logger, string deliveryId, string reason);
    }
}
