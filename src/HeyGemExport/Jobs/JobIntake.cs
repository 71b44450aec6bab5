using System.Collections.Concurrent;

namespace HeyGemExport.Jobs;

/// <summary>From which queues the workers of this node take jobs; from the others they leave them to other nodes.</summary>
internal sealed class JobIntake : IDisposable
{
    private readonly ConcurrentDictionary<string, ManualResetEventSlim> queues = new(StringComparer.Ordinal);

    public void Set(string queue, bool isOpen)
    {
        if (isOpen)
        {
            Of(queue).Set();
        }
        else
        {
            Of(queue).Reset();
        }
    }

    public bool IsOpen(string queue) => Of(queue).IsSet;

    /// <summary>Until it is open.</summary>
    public void Wait(string queue, CancellationToken cancellationToken) => Of(queue).Wait(cancellationToken);

    public void Dispose()
    {
        foreach (var queue in queues.Values)
        {
            queue.Dispose();
        }
    }

    private ManualResetEventSlim Of(string queue) => queues.GetOrAdd(queue, _ => new ManualResetEventSlim(initialState: true));
}
