namespace HeyGemExport.Jobs;

/// <summary>The exports that this process runs, so that one can be stopped at once instead of at Hangfire's next look at its storage.</summary>
internal sealed class RunningExports
{
    private readonly Lock gate = new();
    private readonly List<Run> runs = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return runs.Count;
            }
        }
    }

    /// <summary>Begins a run; it ends when it is disposed of.</summary>
    public Run Begin(string exportId, CancellationToken cancellationToken)
    {
        var run = new Run(this, exportId, cancellationToken);
        lock (gate)
        {
            runs.Add(run);
        }

        return run;
    }

    /// <summary>Stops the runs of an export.</summary>
    public void Stop(string exportId)
    {
        lock (gate)
        {
            foreach (var run in runs.Where(run => string.Equals(run.ExportId, exportId, StringComparison.Ordinal)))
            {
                run.Stop();
            }
        }
    }

    /// <summary>One run of an export.</summary>
    public sealed class Run : IDisposable
    {
        private readonly RunningExports owner;
        private readonly CancellationTokenSource stop = new();
        private readonly CancellationTokenSource either;

        internal Run(RunningExports owner, string exportId, CancellationToken cancellationToken)
        {
            this.owner = owner;
            ExportId = exportId;
            either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Token);
        }

        /// <summary>The export that runs.</summary>
        public string ExportId { get; }

        /// <summary>Cancelled when the run is stopped, or the engine stops.</summary>
        public CancellationToken Token => either.Token;

        /// <summary>Whether its job was deleted or queued again.</summary>
        public bool WasStopped => stop.IsCancellationRequested;

        public void Dispose()
        {
            lock (owner.gate)
            {
                owner.runs.Remove(this);
            }

            either.Dispose();
            stop.Dispose();
        }

        // Elsewhere, since what waits for the token may go on at once and end the run, which needs the gate.
        internal void Stop() => _ = stop.CancelAsync();
    }
}
