namespace HeyGemExport.Library.Filters;

internal enum DayRangeKind
{
    Today,
    Yesterday,

    /// <summary>From Monday on (ISO 8601).</summary>
    Week,

    /// <summary>From one day to another, with both; either may be open.</summary>
    Range,
}

/// <summary>Days in which a video was modified.</summary>
/// <param name="From">Of a <see cref="DayRangeKind.Range"/>.</param>
/// <param name="To">Likewise.</param>
internal sealed record DayRange(DayRangeKind Kind, DateOnly? From = null, DateOnly? To = null)
{
    /// <summary>Its first moment, and the first one behind it; null where it is open.</summary>
    /// <param name="zone">Where the days are those of the person.</param>
    public (DateTimeOffset? Since, DateTimeOffset? Before) In(TimeZoneInfo zone, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var (first, last) = Kind switch
        {
            DayRangeKind.Today => (today, today),
            DayRangeKind.Yesterday => (today.AddDays(-1), today.AddDays(-1)),
            DayRangeKind.Week => (today.AddDays(-(((int)today.DayOfWeek + 6) % 7)), today),
            _ => (From, To),
        };
        return (Start(first), last < DateOnly.MaxValue ? Start(last.Value.AddDays(1)) : null);

        // The latest and earliest days have no moment in every zone.
        DateTimeOffset? Start(DateOnly? day) => day is not { Year: > 1 and < 9999 } date ? null
            : new DateTimeOffset(date.ToDateTime(default), zone.GetUtcOffset(date.ToDateTime(default)));
    }
}
