namespace HeyGemExport.Ops;

/// <summary>How one part of the system stands.</summary>
public enum CheckState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but someone should look.</summary>
    Degraded,

    /// <summary>Does not work.</summary>
    Failed,
}

/// <summary>One check and what to do about it.</summary>
/// <param name="Name"><c>outputs</c>, <c>temp</c>, <c>data</c>, <c>logs</c>, <c>space</c>.</param>
/// <param name="State">How it stands.</param>
/// <param name="Code">Stable; texts with the keys <c>Check.&lt;code&gt;</c> and <c>Remedy.&lt;code&gt;</c> exist in each language.</param>
/// <param name="Args">Format arguments of both texts.</param>
public sealed record CheckResult(string Name, CheckState State, string Code, params IReadOnlyList<string> Args);

/// <summary>Whether the service can do its work: reads outputs, writes temp and data, has space.</summary>
public sealed class SystemCheck
{
    /// <summary>Runs every check now.</summary>
    public Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The results of the last run, at most some seconds old; runs the checks when they are older.</summary>
    public Task<IReadOnlyList<CheckResult>> CurrentAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
