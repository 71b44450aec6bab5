namespace HeyGemExport.Bench;

/// <summary>What one run took.</summary>
/// <param name="Processor">User and system time of the process and the children that it waited for; null where the system does not
/// tell.</param>
/// <param name="PeakBytes">The most memory that was resident at one time; null where the system does not tell.</param>
/// <param name="Bytes">What came of it.</param>
internal sealed record Cost(TimeSpan Elapsed, TimeSpan? Processor, long? PeakBytes, long Bytes);

/// <param name="Row">The row of the table that it belongs to.</param>
internal sealed record Measurement(string Row, Cost Cost);
