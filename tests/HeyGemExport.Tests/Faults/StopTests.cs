using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Faults;

/// <summary>The engine is told to stop while an export runs.</summary>
public sealed class StopTests : IDisposable
{
    private readonly HeldApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_stop_at_any_moment_and_however_often_leaves_the_export_queued_and_nothing_behind()
    {
        // Each stop comes a little later than the one before it, until the export is quicker than that.
        Clips.WriteSparseMp4(Path.Combine(app.Outputs, "large", "a.mp4"), 48L << 20);
        Clips.WriteSparseMp4(Path.Combine(app.Outputs, "large", "b.mp4"), 48L << 20);
        using var client = app.CreateClient();
        var id = await Aftermath.RequestAsync(client, new { all = true });
        var stops = 0;
        while (await StoppedAfterAsync(id, TimeSpan.FromMilliseconds(5 * stops)))
        {
            stops++;
            Assert.Equal("queued", (await Aftermath.FindAsync(client, id)).State());
            Aftermath.NothingIsLeft(app.Folder);
        }

        Assert.True(stops > ExportTransitions.MaxAttempts, $"Only {stops} stops.");
        await app.Get<ArchiveCompletion>().RunAsync(CancellationToken.None);
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, id);
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
    }

    /// <summary>Whether the export was stopped before its end.</summary>
    private async Task<bool> StoppedAfterAsync(string id, TimeSpan moment)
    {
        using var stop = new CancellationTokenSource(moment);
        try
        {
            await app.Get<ExportJob>().RunAsync(id, stop.Token);
        }
        catch (OperationCanceledException)
        {
            return true; // Before it had begun.
        }

        return (await app.Get<ExportStore>().FindAsync(id, CancellationToken.None))!.State != ExportState.Ready;
    }
}
