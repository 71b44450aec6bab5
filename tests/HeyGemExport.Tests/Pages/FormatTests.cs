using System.Globalization;
using HeyGemExport.Exports;
using HeyGemExport.Localization;
using HeyGemExport.Pages;
using HeyGemExport.Pages.Exports;

namespace HeyGemExport.Tests.Pages;

/// <summary>Figures as people read them.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.0 KB")]
    [InlineData(128_000_000, "128 MB")]
    [InlineData(999_999_999, "1.0 GB")]
    [InlineData(1_800_000_000, "1.8 GB")]
    [InlineData(long.MaxValue, "9,223 PB")]
    public void Sizes_have_a_unit_that_keeps_them_short(long bytes, string expected)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en");
        Assert.Equal(expected, ByteSize.Format(bytes));
    }

    [Theory]
    [InlineData(3.6, "0:04")]
    [InlineData(59.7, "1:00")]
    [InlineData(750, "12:30")]
    [InlineData(3723, "1:02:03")]
    [InlineData(-1, "0:00")]
    public void Playing_times_read_as_in_a_player(double seconds, string expected) => Assert.Equal(expected, PlayingTime.Clock(seconds));

    [Theory]
    [InlineData(0, "Time.Seconds", 1)]
    [InlineData(41.2, "Time.Seconds", 42)]
    [InlineData(90, "Time.Minutes", 2)]
    [InlineData(5400, "Time.Hours", 1.5)]
    public void Estimates_promise_no_more_than_they_know(double seconds, string key, double figure) =>
        Assert.Equal((key, figure), PlayingTime.Estimate(seconds));

    [Fact]
    public void Progress_never_runs_backwards_from_packing_to_proving()
    {
        var packed = Running(ExportState.Building, done: 300, verified: 0);
        var proving = Running(ExportState.Verifying, done: 300, verified: 30);
        Assert.Equal(66, OverallProgress.Percent(packed));
        Assert.Equal(70, OverallProgress.Percent(proving));
        Assert.Equal(100, OverallProgress.Percent(Running(ExportState.Ready, done: 0, verified: 0)));
    }

    [Theory]
    [InlineData("课程第01讲_王老师.mp4", "课程第01讲_王老师.mp4")]
    [InlineData("invoice_\u202Egpj.exe.mp4", "invoice_\uFFFDgpj.exe.mp4")]
    [InlineData("two\r\nlines.mp4", "two\uFFFD\uFFFDlines.mp4")]
    public void Names_hide_nothing(string name, string shown) => Assert.Equal(shown, FileNameTagHelper.Visible(name));

    private static Export Running(ExportState state, long done, long verified) => new()
    {
        Id = "aaaaaaaaaaaa",
        State = state,
        FileCount = 1,
        TotalBytes = 300,
        DoneBytes = done,
        VerifiedBytes = verified,
        ArchiveName = "a.zip",
        RequestedBy = "anonymous",
        RequestedFrom = "-",
        Selection = new(All: true),
        Options = new(),
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
