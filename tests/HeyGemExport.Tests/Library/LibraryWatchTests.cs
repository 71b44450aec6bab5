using System.Diagnostics;
using HeyGemExport.Library;

namespace HeyGemExport.Tests.Library;

/// <summary>The index follows the folder by itself. These wait for the system's own events, so they use its clock.</summary>
public sealed class LibraryWatchTests : IDisposable
{
    private readonly CancellationTokenSource timeout = new(TimeSpan.FromSeconds(60));

    public void Dispose() => timeout.Dispose();

    [Theory]
    [InlineData("events")]
    [InlineData("polling")]
    [InlineData("auto")]
    public async Task Sees_a_new_file_and_that_it_is_gone(string watch)
    {
        using var bed = await StartAsync(("Library:Watch", watch));

        var path = bed.Write("new batch/a.mp4");
        await UntilAsync(bed, snapshot => snapshot.Find("new batch/a.mp4")?.State == VideoState.Ready);
        File.Delete(path);
        await UntilAsync(bed, snapshot => snapshot.Videos.Count == 0);
        Assert.Empty(bed.Logger.Lines);
    }

    [Fact]
    public async Task Follows_a_folder_whose_name_is_not_utf8_by_looking_again_and_again()
    {
        using var bed = await StartAsync(("Library:Watch", "events"));
        bed.Write("b/a.mp4");
        ByteNamedFiles.Rename(bed.Outputs, "b", "\u00FF");
        await UntilAsync(bed, snapshot => snapshot.Find("\uFFFDFF/a.mp4")?.State == VideoState.Ready);

        var watched = Stopwatch.StartNew();
        ByteNamedFiles.Rename(bed.Outputs, "\u00FF/a.mp4", "\u00FF/b.mp4");
        await UntilAsync(bed, snapshot => snapshot.Find("\uFFFDFF/b.mp4")?.State == VideoState.Ready);

        // Without a look every four seconds only the one every half minute would find it.
        Assert.InRange(watched.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Looks_again_when_a_file_would_have_settled()
    {
        using var bed = await StartAsync(("Library:SettleSeconds", "4"));

        File.WriteAllBytes(Path.Combine(bed.Outputs, "a.mp4"), ClipBytes.Mp4);

        await UntilAsync(bed, snapshot => snapshot.Find("a.mp4")?.State == VideoState.Writing);
        await UntilAsync(bed, snapshot => snapshot.Find("a.mp4")?.State == VideoState.Ready);
    }

    [Fact]
    public async Task Recovers_by_itself_when_the_folder_goes_and_comes_back()
    {
        using var bed = await StartAsync();

        Directory.Delete(bed.Outputs);
        await UntilAsync(bed, snapshot => snapshot.Fault?.Code is "outputs-missing");
        bed.Write("a.mp4");
        await UntilAsync(bed, snapshot => snapshot.Fault is null && snapshot.Videos.Count == 1);
        bed.Write("b.mp4");
        await UntilAsync(bed, snapshot => snapshot.Videos.Count == 2);
    }

    [Theory]
    [InlineData("events")]
    [InlineData("polling")]
    public async Task Does_not_run_in_circles_where_links_do(string watch)
    {
        using var bed = new LibraryBed(("Library:Watch", watch)) { RealTime = true };
        foreach (var name in new[] { "a", "b", "c" })
        {
            Directory.CreateDirectory(Path.Combine(bed.Outputs, "x"));
            Directory.CreateSymbolicLink(Path.Combine(bed.Outputs, "x", name), bed.Outputs);
        }

        await bed.Host.StartAsync(timeout.Token);
        bed.Write("x/a.mp4");

        await UntilAsync(bed, snapshot => snapshot.Find("x/a.mp4") is not null);
        await bed.Host.StopAsync(timeout.Token);
    }

    private async Task<LibraryBed> StartAsync(params (string Key, string? Value)[] settings)
    {
        var bed = new LibraryBed(settings) { RealTime = true };
        await bed.Host.StartAsync(timeout.Token);
        await UntilAsync(bed, snapshot => snapshot.ScannedAt is not null);
        return bed;
    }

    private static Task UntilAsync(LibraryBed bed, Func<LibrarySnapshot, bool> condition) =>
        Eventually.HoldsAsync(() => condition(bed.Index.Current));
}
