namespace HeyGemExport.Jobs;

/// <summary>How the engine is doing on this node.</summary>
/// <param name="IsRunning">Whether it takes jobs from its queue.</param>
/// <param name="Workers">How many it runs at the same time.</param>
/// <param name="Busy">How many it runs now.</param>
internal sealed record EngineStatus(bool IsRunning, int Workers, int Busy);

/// <summary>Tells how the job engine is doing; each engine answers for itself.</summary>
internal interface IEngineMonitor
{
    /// <summary>Asks the engine.</summary>
    Task<EngineStatus> AskAsync(CancellationToken cancellationToken);
}
