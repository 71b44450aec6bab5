using HeyGemExport.Library;

namespace HeyGemExport.Tests.Library;

/// <summary>What a look leaves for the garbage collector to remove.</summary>
[Collection(Allocated.Alone)]
public class ScanCostTests
{
    private const int Batches = 50;
    private const int VideosInBatch = 100;

    [LinuxFact]
    public async Task A_scan_in_which_nothing_changed_creates_nothing_for_a_video()
    {
        using var bed = Many();
        await bed.ScanAsync();
        await bed.ScanAsync();

        var bytes = await Allocated.ByAsync(() => bed.ScanAsync());

        Assert.InRange(bytes / (Batches * VideosInBatch), 0, 23);
    }

    [LinuxFact]
    public async Task A_look_at_one_batch_costs_what_one_batch_costs()
    {
        using var bed = Many();
        await bed.ScanAsync();
        var part = new LibraryPart(new HashSet<string>(StringComparer.Ordinal) { "7" }, []);
        await bed.Index.RefreshAsync(part, default);

        var bytes = await Allocated.ByAsync(() => bed.Index.RefreshAsync(part, default));

        Assert.InRange(bytes, 0, 60_000);
    }

    private static LibraryBed Many()
    {
        var bed = new LibraryBed();
        for (var number = 0; number < Batches * VideosInBatch; number++)
        {
            bed.Write($"{number % Batches}/speech_portrait_generated_{number}.mp4");
        }

        return bed;
    }
}
