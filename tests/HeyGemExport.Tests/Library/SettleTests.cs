using HeyGemExport.Library;

namespace HeyGemExport.Tests.Library;

/// <summary>When a file counts as finished. The settle time is 10 s.</summary>
public class SettleTests
{
    private static readonly TimeSpan AlmostSettled = TimeSpan.FromSeconds(9.9);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(0.1);

    [Fact]
    public async Task A_file_that_was_old_when_first_seen_is_ready_at_once()
    {
        using var bed = new LibraryBed();
        bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.FromSeconds(10));

        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.mp4")).State);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(0)]
    [InlineData(-3600)]
    public async Task A_file_that_was_new_or_from_the_future_settles_by_observation(int ageSeconds)
    {
        using var bed = new LibraryBed();
        bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.FromSeconds(ageSeconds));

        var first = await bed.StateOfAsync("a.mp4");
        bed.Time.Advance(AlmostSettled);
        var almost = await bed.StateOfAsync("a.mp4");
        bed.Time.Advance(Rest);
        var settled = await bed.StateOfAsync("a.mp4");

        Assert.Equal((VideoState.Writing, "writing"), (first.State, first.Fault?.Code));
        Assert.Equal(VideoState.Writing, almost.State);
        Assert.Equal(VideoState.Ready, settled.State);
    }

    [Fact]
    public async Task A_change_of_size_starts_the_settle_time_anew_even_with_an_old_time()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4", ClipBytes.Mp4[..500]);
        Assert.Equal(VideoState.Broken, (await bed.StateOfAsync("a.mp4")).State);

        bed.Write("a.mp4");
        Assert.Equal(VideoState.Writing, (await bed.StateOfAsync("a.mp4")).State);
        bed.Time.Advance(AlmostSettled);
        Assert.Equal(VideoState.Writing, (await bed.StateOfAsync("a.mp4")).State);
        bed.Time.Advance(Rest);
        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.mp4")).State);
    }

    [Fact]
    public async Task A_change_of_time_alone_starts_the_settle_time_anew()
    {
        using var bed = new LibraryBed();
        bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.FromHours(2));
        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.mp4")).State);

        bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.FromHours(1));

        Assert.Equal(VideoState.Writing, (await bed.StateOfAsync("a.mp4")).State);
    }

    [Fact]
    public async Task A_settle_time_of_zero_believes_the_structure_at_once()
    {
        using var bed = new LibraryBed(("Library:SettleSeconds", "0"));
        bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.Zero);
        bed.WriteAged("b.mp4", ClipBytes.Mp4[..^1], TimeSpan.Zero);

        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.mp4")).State);
        Assert.Equal(VideoState.Broken, (await bed.StateOfAsync("b.mp4")).State);
        bed.WriteAged("b.mp4", ClipBytes.Mp4, TimeSpan.Zero);
        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("b.mp4")).State);
    }

    [Fact]
    public async Task A_broken_file_is_examined_again_even_where_size_and_time_did_not_move()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4", new byte[ClipBytes.Mp4.Length]);
        Assert.Equal(VideoState.Broken, (await bed.StateOfAsync("a.mp4")).State);

        var time = File.GetLastWriteTimeUtc(Path.Combine(bed.Outputs, "a.mp4"));
        bed.Write("a.mp4");
        File.SetLastWriteTimeUtc(Path.Combine(bed.Outputs, "a.mp4"), time);
        bed.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.mp4")).State);
    }
}
