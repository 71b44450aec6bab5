namespace HeyGemExport.Data;

/// <summary>Times as the database holds them: milliseconds since 1970-01-01 UTC.</summary>
internal static class Timestamps
{
    public static long ToStored(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static DateTimeOffset ToTime(this long stored) => DateTimeOffset.FromUnixTimeMilliseconds(stored);

    public static DateTimeOffset? ToTime(this long? stored) => stored?.ToTime();
}
