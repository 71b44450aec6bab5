using HeyGemExport.Accounts;

namespace HeyGemExport.Jobs;

/// <summary>What a feature has done in the background for a record. The engine is given only its id: the record is the truth.</summary>
internal interface IRecordJob
{
    /// <summary>Made by <see cref="JobsRegistration.AddJobQueue"/>, or <see cref="JobQueue.Default"/>.</summary>
    static abstract string Queue { get; }

    /// <summary>Does the work. May be asked more than once, also at the same time: who claims the record does it.</summary>
    Task<JobOutcome> RunAsync(string id, CancellationToken cancellationToken);

    /// <summary>What the dashboard says about it, in the language of the request; null when there is no such record any more.</summary>
    Task<JobDescription?> DescribeAsync(string id, CancellationToken cancellationToken);

    Task CancelAsync(string id, Caller caller, CancellationToken cancellationToken);

    /// <summary>Somebody queues the job again on the dashboard: queues a record that has ended again.</summary>
    /// <returns>Why it cannot run again; null when it can, or when another run would do nothing.</returns>
    Task<string?> RetryAsync(string id, Caller caller, CancellationToken cancellationToken);
}

/// <summary>Work that is done at start and then each minute, by one of the nodes.</summary>
internal interface IRecurringJob
{
    static abstract string Id { get; }

    string Name { get; }

    bool IsNeeded => true;

    /// <summary>Does it. A database that is away is reported by its exception, and it is tried again in seconds.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

internal abstract record JobOutcome
{
    public sealed record Done(string Result) : JobOutcome;

    public sealed record Failed(string Reason) : JobOutcome;

    public sealed record Cancelled : JobOutcome;

    public sealed record Again(TimeSpan After, string Reason) : JobOutcome;
}

/// <param name="Link">Its page, from the app's root.</param>
/// <param name="Progress">0 to 1 while it runs.</param>
internal sealed record JobDescription(string Name, string State, string Link, double? Progress = null);
