using HeyGemExport.Archives;
using HeyGemExport.Exports.Retention;

namespace HeyGemExport.Tests.Faults;

/// <summary>Two servers with databases of their own over one temp folder.</summary>
public sealed class SharedTempTests : IDisposable
{
    private readonly TempFolder one = new();
    private readonly TempFolder other = new();

    public void Dispose()
    {
        other.Dispose();
        one.Dispose();
    }

    [Fact]
    public async Task A_start_and_its_sweep_leave_what_the_other_server_builds_and_keeps()
    {
        await using var first = await ServerProcess.StartAsync(one);
        var running = await Aftermath.BuildingAsync(first.Client, one);

        await using var second = await ServerProcess.StartAsync(other, "Exports:TempPath=" + one["temp"]);
        await Aftermath.NextExportWorksAsync(second.Client, other);
        await Aftermath.NextExportEndedWellAsync(first.Client, one, running);
        Assert.Equal(2, Directory.GetFiles(one["temp"], "*.zip").Length);
        Aftermath.NothingIsLeft(one);
    }

    [Fact]
    public async Task A_sweep_at_any_moment_takes_no_archive_from_under_its_worker()
    {
        await using var app = new HeldApp(one);
        using var client = app.CreateClient();
        var retention = app.Get<ArchiveRetention>();
        Directory.CreateDirectory(one["temp"]);
        using var done = new CancellationTokenSource();
        var sweeping = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await retention.SweepAsync(CancellationToken.None);
            }
        });

        for (var index = 0; index < 300; index++)
        {
            // The names of another server's exports: this one's database knows nothing of them.
            var path = one["temp", $"heygem_batch_result_20260101_0000_other{index:D7}.zip"];
            await using var partial = PartialArchive.Create(path, 4096);
            await partial.Stream.WriteAsync(new byte[4096]);
            await partial.PublishAsync(flush: false, CancellationToken.None);
            File.Delete(path);
        }

        await done.CancelAsync();
        await sweeping;
        Aftermath.NothingIsLeft(one);
    }
}
