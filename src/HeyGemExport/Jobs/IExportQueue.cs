namespace HeyGemExport.Jobs;

/// <summary>The job engine, as exports see it. It carries an export's id and nothing else: the record is the truth.</summary>
internal interface IExportQueue
{
    /// <summary>Runs the export as soon as a worker is free. May deliver more than once; the record is claimed once.</summary>
    Task EnqueueAsync(string exportId, CancellationToken cancellationToken);

    /// <summary>Takes the export from the queue, or interrupts it where it runs. Harmless when it does neither.</summary>
    Task CancelAsync(string exportId, CancellationToken cancellationToken);
}
