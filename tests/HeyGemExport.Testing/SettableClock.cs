using System.Diagnostics;

namespace HeyGemExport.Testing;

/// <summary>The system's time, with a clock that can be set without time passing, and time that can pass at once.</summary>
public sealed class SettableClock : TimeProvider
{
    /// <summary>By how much the clock differs.</summary>
    public TimeSpan Ahead { get; set; }

    public TimeSpan Passed { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead + Passed;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Passed.TotalSeconds * Stopwatch.Frequency);
}
