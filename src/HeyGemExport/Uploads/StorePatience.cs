namespace HeyGemExport.Uploads;

/// <summary>Tries a request again while the store does not answer, at growing intervals, for a bounded time.</summary>
internal sealed class StorePatience(TimeSpan giveUpAfter, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <param name="ask">The request; safe to repeat.</param>
    /// <exception cref="ObjectStoreException">The store refused it for good, or did not answer for all that time.</exception>
    public async Task<T> AskAsync<T>(Func<Task<T>> ask, Action<ObjectStoreException>? again, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var pause = First; ; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            try
            {
                return await ask();
            }
            catch (ObjectStoreException fault) when (fault.IsTransient && time.GetElapsedTime(began) + pause < giveUpAfter)
            {
                again?.Invoke(fault);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }
}
