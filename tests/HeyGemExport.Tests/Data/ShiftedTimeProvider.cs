namespace HeyGemExport.Tests.Data;

/// <summary>The real clock, some time ahead: for a host that comes later than another.</summary>
public sealed class ShiftedTimeProvider(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
