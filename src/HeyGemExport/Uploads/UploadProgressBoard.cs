using System.Collections.Concurrent;

namespace HeyGemExport.Uploads;

/// <summary>The figures of deliveries that this process sends, fresher than the database has them.</summary>
internal sealed class UploadProgressBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Figures> running = new(StringComparer.Ordinal);

    /// <summary>Begins a delivery of which some bytes are there already.</summary>
    public IProgress<long> Begin(string id, long arrivedBytes)
    {
        var figures = new Figures(arrivedBytes, time.GetTimestamp());
        running[id] = figures;
        return figures;
    }

    /// <summary>Forgets a delivery.</summary>
    public void End(string id) => running.TryRemove(id, out _);

    /// <summary>Bytes that are there; null when it is not sent by this process.</summary>
    public long? Find(string id) => running.GetValueOrDefault(id)?.Done;

    /// <summary>The delivery with the figures of this moment.</summary>
    public Upload Freshen(Upload delivery)
    {
        if (delivery.State != UploadState.Sending || running.GetValueOrDefault(delivery.Id) is not { } figures)
        {
            return delivery;
        }

        var done = Math.Min(figures.Done, delivery.TotalBytes);
        var seconds = time.GetElapsedTime(figures.Began).TotalSeconds;
        var speed = seconds > 0.2 && done > figures.Before ? (done - figures.Before) / seconds : (double?)null;
        return delivery with { DoneBytes = done, BytesPerSecond = speed, EtaSeconds = speed is > 0 ? (delivery.TotalBytes - done) / speed : null };
    }

    private sealed class Figures(long before, long began) : IProgress<long>
    {
        private long done = before;

        public long Before { get; } = before;

        public long Began => began;

        public long Done => Interlocked.Read(ref done);

        public void Report(long value) => Interlocked.Add(ref done, value);
    }
}
