namespace HeyGemExport.Data;

/// <summary>Times as the database holds them: milliseconds since 1970-01-01 UTC.</summary>
internal static class Timestamps
{
    /// <summary>Of a time.</summary>
    public static long ToStored(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    /// <summary>Back, in UTC.</summary>
    public static DateTimeOffset ToTime(this long stored) => DateTimeOffset.FromUnixTimeMilliseconds(stored);

    /// <summary>Back, in UTC; null stays null.</summary>
    public static DateTimeOffset? ToTime(this long? stored) => stored?.ToTime();
}
