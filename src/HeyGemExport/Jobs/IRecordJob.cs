using HeyGemExport.Accounts;

namespace HeyGemExport.Jobs;

/// <summary>What a feature has done for a record in the background. The engine is given the record's id and nothing else: the record is the
/// truth.</summary>
internal interface IRecordJob
{
    /// <summary>The queue that it waits in; made by <see cref="JobsRegistration.AddJobQueue"/>, or
    /// <see cref="JobQueue.Default"/>.</summary>
    static abstract string Queue { get; }

    /// <summary>Does the work. May be asked more than once, also at the same time: who claims the record does it.</summary>
    Task<JobOutcome> RunAsync(string id, CancellationToken cancellationToken);

    /// <summary>What the dashboard says about it, in the language of the request; null when there is no such record any more.</summary>
    Task<JobDescription?> DescribeAsync(string id, CancellationToken cancellationToken);

    /// <summary>Somebody deletes the job on the dashboard: cancels the record.</summary>
    Task CancelAsync(string id, Caller caller, CancellationToken cancellationToken);

    /// <summary>Somebody queues the job again on the dashboard: queues a record that has ended again.</summary>
    /// <returns>Why it cannot run again; null when it can, or when another run would do nothing.</returns>
    Task<string?> RetryAsync(string id, Caller caller, CancellationToken cancellationToken);
}

/// <summary>Work that is done at start and then each minute, by one of the nodes.</summary>
internal interface IRecurringJob
{
    static abstract string Id { get; }

    /// <summary>What it does, in the language of the request.</summary>
    string Name { get; }

    /// <summary>Whether the configuration leaves it anything to do.</summary>
    bool IsNeeded => true;

    /// <summary>Does it. A database that is away is reported by its exception, and it is tried again in seconds.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>How a run left its record; the job on the dashboard ends in the same way.</summary>
internal abstract record JobOutcome
{
    public sealed record Done(string Result) : JobOutcome;

    public sealed record Failed(string Reason) : JobOutcome;

    public sealed record Cancelled : JobOutcome;

    /// <summary>Not ended: to be run again.</summary>
    public sealed record Again(TimeSpan After, string Reason) : JobOutcome;
}

/// <summary>A record as the dashboard shows it.</summary>
/// <param name="Link">Its page, from the app's root.</param>
/// <param name="Progress">0 to 1 while it runs.</param>
internal sealed record JobDescription(string Name, string State, string Link, double? Progress = null);
