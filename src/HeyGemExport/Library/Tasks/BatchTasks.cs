namespace HeyGemExport.Library.Tasks;

internal enum MissingReason
{
    Rendering,
    Queued,
    Failed,
    Cancelled,

    /// <summary>Said to be done, but its video is not there.</summary>
    NotThere,

    /// <summary>Said to be done, but its video is still being written, or broken.</summary>
    NotReady,

    /// <summary>In a state that the list has a word of its own for.</summary>
    Other,
}

internal sealed record MissingTask(RenderTask Task, VideoState? Video)
{
    public MissingReason Reason => Task.State switch
    {
        TaskState.Done => Video is null ? MissingReason.NotThere : MissingReason.NotReady,
        TaskState.Rendering => MissingReason.Rendering,
        TaskState.Queued => MissingReason.Queued,
        TaskState.Failed => MissingReason.Failed,
        TaskState.Cancelled => MissingReason.Cancelled,
        _ => MissingReason.Other,
    };
}

/// <param name="Unlisted">How many videos the batch holds that the list does not name.</param>
/// <param name="Missing">The first <see cref="MaxNamed"/> of those that are not there and ready, in the list's order.</param>
/// <param name="Reasons">How many are missing, by reason; only reasons that occur, in the order of <see cref="MissingReason"/>.</param>
/// <param name="Issue">Why the list cannot be read, so that nothing is known; null when it can.</param>
internal sealed record BatchTasks(
    int Expected,
    int Present,
    int Unlisted,
    IReadOnlyList<MissingTask> Missing,
    IReadOnlyList<KeyValuePair<MissingReason, int>> Reasons,
    SidecarIssue? Issue)
{
    public const int MaxNamed = 1000;

    public int MissingCount => Expected - Present;

    public bool IsComplete => Issue is null && MissingCount == 0;
}
