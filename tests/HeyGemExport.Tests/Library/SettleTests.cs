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

    [Fact]
    public async Task A_file_that_grew_after_a_pause_settles_after_twice_that_pause()
    {
        using var bed = new LibraryBed();
        bed.WriteAged("a.mp4", ClipBytes.Mp4[..500], TimeSpan.Zero);
        await bed.StateOfAsync("a.mp4");
        bed.Time.Advance(TimeSpan.FromSeconds(14));
        bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.Zero);
        await bed.StateOfAsync("a.mp4");

        bed.Time.Advance(TimeSpan.FromSeconds(27));
        var paused = await bed.StateOfAsync("a.mp4");
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        var settled = await bed.StateOfAsync("a.mp4");

        Assert.Equal((VideoState.Writing, 28d), (paused.State, paused.Fault?.Args[0]));
        Assert.Equal(VideoState.Ready, settled.State);
    }

    [Fact]
    public async Task What_grows_after_a_long_time_is_another_write_and_no_pause()
    {
        using var bed = new LibraryBed();
        bed.Write("a.mp4", ClipBytes.Mp4[..500]);
        Assert.Equal(VideoState.Broken, (await bed.StateOfAsync("a.mp4")).State);
        bed.Time.Advance(TimeSpan.FromHours(3));
        bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.Zero);
        await bed.StateOfAsync("a.mp4");

        bed.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.mp4")).State);
    }

    [LinuxFact]
    public async Task A_file_that_a_program_has_open_for_writing_is_being_written_until_it_is_closed()
    {
        using var bed = new LibraryBed();
        var path = bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.FromMinutes(1));
        await using (File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            var open = await bed.StateOfAsync("a.mp4");

            Assert.Equal((VideoState.Writing, "open-for-writing"), (open.State, open.Fault?.Code));
            Assert.Equal(TimeSpan.FromSeconds(5), bed.Index.UntilNextSettles);
        }

        bed.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.mp4")).State);
    }

    [LinuxFact]
    public async Task Who_only_reads_a_file_does_not_withhold_it()
    {
        using var bed = new LibraryBed();
        var path = bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.FromMinutes(1));
        await using var reader = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.mp4")).State);
    }

    [LinuxFact]
    public async Task A_handle_that_was_forgotten_withholds_a_file_for_an_hour_at_most()
    {
        using var bed = new LibraryBed();
        var path = bed.WriteAged("a.mp4", ClipBytes.Mp4, TimeSpan.FromHours(1));
        await using var forgotten = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

        Assert.Equal(VideoState.Ready, (await bed.StateOfAsync("a.mp4")).State);
    }
}
