namespace HeyGemExport.Pages;

internal static class PlayingTime
{
    /// <summary>As a player shows it: <c>0:04</c>, <c>12:30</c>, <c>1:02:03</c>.</summary>
    public static string Clock(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Round(Math.Clamp(seconds, 0, TimeSpan.MaxValue.TotalSeconds / 2)));
        return time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}")
            : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>As an estimate: the key of a text and its figure, in seconds (below 90), minutes (below 90) or hours.</summary>
    public static (string Key, double Figure) Estimate(double seconds) => seconds switch
    {
        < 90 => ("Time.Seconds", Math.Max(1, Math.Ceiling(seconds))),
        < 90 * 60 => ("Time.Minutes", Math.Round(seconds / 60)),
        _ => ("Time.Hours", Math.Round(seconds / 3600, 1)),
    };
}
