namespace HeyGemExport.Data;

/// <summary>Lets nobody wait for a server that does not answer: a request gives up two seconds after the last statement was executed, and
/// those
/// of the next two seconds do not begin to wait. What the driver waits for, it goes on waiting for; work in the background waits with
/// it.</summary>
internal sealed class RequestPatience(IHttpContextAccessor requests, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>When a request waited in vain; 0 when the last one did not.</summary>
    private long silentSince;

    /// <param name="work">Owns its connection, and ends by itself when nobody waits for it any more. Tells of each statement.</param>
    /// <exception cref="DatabaseUnavailableException">It takes too long.</exception>
    public async Task<T> WaitAsync<T>(Func<Action?, Task<T>> work)
    {
        if (requests.HttpContext is null)
        {
            return await work(null);
        }

        if (Volatile.Read(ref silentSince) is not 0 and var since && time.GetElapsedTime(since) < Limit)
        {
            throw new DatabaseUnavailableException("it has just not answered.");
        }

        var heard = time.GetTimestamp();
        var working = work(() => Volatile.Write(ref heard, time.GetTimestamp()));
        while (true)
        {
            try
            {
                var result = await working.WaitAsync(Limit, time);
                Volatile.Write(ref silentSince, 0);
                return result;
            }
            catch (TimeoutException exception) when (!working.IsCompleted)
            {
                if (time.GetElapsedTime(Volatile.Read(ref heard)) >= Limit)
                {
                    Volatile.Write(ref silentSince, time.GetTimestamp());
                    throw new DatabaseUnavailableException(exception.Message, exception);
                }
            }
        }
    }
}
