namespace HeyGemExport.Exports.Retention;

/// <summary>Which archives are being sent by this process right now, so that none is removed under a download.</summary>
internal sealed class ActiveDownloads
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> held = new(StringComparer.Ordinal);
    private readonly HashSet<string> retired = new(StringComparer.Ordinal);

    /// <summary>Holds an archive until the lease is disposed; null when it is being removed.</summary>
    public IDisposable? TryAcquire(string exportId)
    {
        lock (gate)
        {
            if (retired.Contains(exportId))
            {
                return null;
            }

            held[exportId] = held.GetValueOrDefault(exportId) + 1;
            return new Lease(this, exportId);
        }
    }

    public int Count(string exportId)
    {
        lock (gate)
        {
            return held.GetValueOrDefault(exportId);
        }
    }

    public int Total
    {
        get
        {
            lock (gate)
            {
                return held.Values.Sum();
            }
        }
    }

    /// <summary>Removes an archive, unless a download holds it; none can begin while it is being removed.</summary>
    public async Task<bool> RetireAsync(string exportId, Func<Task> remove)
    {
        lock (gate)
        {
            if (held.ContainsKey(exportId) || !retired.Add(exportId))
            {
                return false;
            }
        }

        try
        {
            await remove();
            return true;
        }
        finally
        {
            lock (gate)
            {
                retired.Remove(exportId);
            }
        }
    }

    private void Release(string exportId)
    {
        lock (gate)
        {
            if (--held[exportId] == 0)
            {
                held.Remove(exportId);
            }
        }
    }

    private sealed class Lease(ActiveDownloads leases, string exportId) : IDisposable
    {
        private int disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
            {
                leases.Release(exportId);
            }
        }
    }
}
