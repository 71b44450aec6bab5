using HeyGemExport.Library.Filters;

namespace HeyGemExport.Tests.Library.Filters;

/// <summary>Days as the person's clock has them.</summary>
public sealed class DayRangeTests
{
    // In Shanghai it is Monday already, in New York still Sunday.
    private static readonly DateTimeOffset Now = new(2026, 3, 8, 20, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Asia/Shanghai", "Today", "2026-03-09T00:00:00+08:00", "2026-03-10T00:00:00+08:00")]
    [InlineData("Asia/Shanghai", "Yesterday", "2026-03-08T00:00:00+08:00", "2026-03-09T00:00:00+08:00")]
    [InlineData("Asia/Shanghai", "Week", "2026-03-09T00:00:00+08:00", "2026-03-10T00:00:00+08:00")]
    [InlineData("America/New_York", "Week", "2026-03-02T00:00:00-05:00", "2026-03-09T00:00:00-04:00")]
    // The day on which summer time begins has 23 hours.
    [InlineData("America/New_York", "Today", "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00")]
    public void Begins_and_ends_at_midnight_of_the_person(string zone, string kind, string since, string before)
    {
        var bounds = new DayRange(Enum.Parse<DayRangeKind>(kind)).In(TimeZoneInfo.FindSystemTimeZoneById(zone), Now);

        Assert.Equal((Time(since), Time(before)), bounds);
    }

    [Theory]
    [InlineData("2026-01-31", "2026-02-01", "2026-01-31T00:00:00Z", "2026-02-02T00:00:00Z")]
    [InlineData("2026-01-31", null, "2026-01-31T00:00:00Z", null)]
    [InlineData(null, "2026-02-01", null, "2026-02-02T00:00:00Z")]
    [InlineData("0001-01-01", "9999-12-31", null, null)]
    [InlineData(null, null, null, null)]
    public void A_range_has_both_of_its_days_and_may_be_open(string? from, string? to, string? since, string? before)
    {
        var range = new DayRange(DayRangeKind.Range, Day(from), Day(to));

        Assert.Equal((Time(since), Time(before)), range.In(TimeZoneInfo.Utc, Now));
    }

    private static DateOnly? Day(string? day) =>
        day is null ? null : DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string? time) =>
        time is null ? null : DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
