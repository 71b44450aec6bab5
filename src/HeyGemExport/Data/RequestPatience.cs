namespace HeyGemExport.Data;

/// <summary>Lets nobody wait for a server that does not answer: a request gives up when this node has had no new connection and no answer
/// for so long, and those of the next seconds, as many, do not begin to wait. What the driver waits for, it goes on waiting for; work in
/// the background waits with it.</summary>
internal sealed class RequestPatience(IHttpContextAccessor requests, TimeSpan limit, TimeProvider time)
{
    /// <summary>When a request waited in vain; 0 when the last one did not.</summary>
    private long silentSince;

    private long lastHeard;

    /// <param name="work">Owns its connection, and ends by itself when nobody waits for it any more. Tells of each answer.</param>
    /// <exception cref="DatabaseUnavailableException">It takes too long.</exception>
    public async Task<T> WaitAsync<T>(Func<Action?, Task<T>> work)
    {
        if (requests.HttpContext is null)
        {
            return await work(Hear);
        }

        if (Volatile.Read(ref silentSince) is not 0 and var since && time.GetElapsedTime(since) < limit)
        {
            throw new DatabaseUnavailableException("it has just not answered.");
        }

        var began = time.GetTimestamp();
        var working = work(Hear);
        while (true)
        {
            try
            {
                var result = await working.WaitAsync(limit, time);
                Volatile.Write(ref silentSince, 0);
                return result;
            }
            catch (TimeoutException exception) when (!working.IsCompleted)
            {
                if (time.GetElapsedTime(Math.Max(began, Volatile.Read(ref lastHeard))) >= limit)
                {
                    Volatile.Write(ref silentSince, time.GetTimestamp());
                    throw new DatabaseUnavailableException(exception.Message, exception);
                }
            }
        }
    }

    private void Hear() => Volatile.Write(ref lastHeard, time.GetTimestamp());
}
