using HeyGemExport.Archives;
using HeyGemExport.Data;
using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Exports;

/// <summary>What it costs to record that an archive of many files is ready.</summary>
[Collection(Allocated.Alone)]
public sealed class PublishingCostTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 6, TimeSpan.Zero);

    private readonly HeldApp app = new();

    private ExportTransitions Transitions => app.Get<ExportTransitions>();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_file_among_many_costs_the_processor_what_one_among_few_costs()
    {
        // The first one compiles the code.
        await PublishAsync(await VerifiedAsync(files: 2000));
        var few = await PublishAsync(await VerifiedAsync(files: 2000));

        var many = await PublishAsync(await VerifiedAsync(files: 32_000));

        Assert.InRange(many / 16, TimeSpan.Zero, 5 * few);
    }

    /// <summary>Whoever writes meanwhile waits for a part of it, and finds that part.</summary>
    [Fact]
    public async Task Others_write_while_it_goes_on()
    {
        const int Files = 20_000;
        var verified = await VerifiedAsync(Files);

        // SQLite works on the thread of its caller.
        var publishing = Task.Run(() => PublishAsync(verified));

        var found = new HashSet<long>();
        while (!publishing.IsCompleted)
        {
            found.Add(await app.Get<Database>().InTransactionAsync(
                session => session.FirstAsync<long>(
                    "SELECT COUNT(*) FROM export_files WHERE export_id = @Id AND crc32 IS NOT NULL", new { verified.Id }),
                default));
        }

        await publishing;
        Assert.Contains(found, sums => sums is > 0 and < Files);
    }

    /// <summary>An export whose archive has just been verified.</summary>
    private async Task<(string Id, PackedSet Packed)> VerifiedAsync(int files)
    {
        var id = ShortId.Create();
        ContractEntry[] entries =
        [
            .. Enumerable.Range(0, files).Select(number => new ContractEntry($"{id}/{number:d6}.mp4", $"{id}/{number:d6}.mp4", 1, Time)),
        ];
        var export = new Export
        {
            Id = id,
            State = ExportState.Queued,
            FileCount = files,
            TotalBytes = files,
            ArchiveName = $"{id}.zip",
            RequestedBy = "a",
            RequestedFrom = "-",
            Selection = new Selection(All: true),
            Options = new PackOptions(),
            CreatedAt = Time,
        };
        var plan = new ExportPlan(entries, export.Options, LeftOut: [], Unpackable: [], TooLarge: [], Fault: null);
        Assert.True(await app.Get<ExportStore>().TryInsertAsync(export, plan, instant: null, default));
        Assert.True(await Transitions.ClaimAsync(id, default));
        Assert.True(await Transitions.VerifyAsync(id, default));
        var part = new ArchivePart(1, export.ArchiveName, app.Folder[export.ArchiveName], files, files, Sha256: null);
        return (id, new PackedSet([part], [.. entries.Select(entry => new BuiltEntry(entry, new byte[32], Crc32: 0))], LeftOut: []));
    }

    private async Task<TimeSpan> PublishAsync((string Id, PackedSet Packed) verified)
    {
        var before = Environment.CpuUsage.TotalTime;
        Assert.True(await Transitions.PublishAsync(verified.Id, verified.Packed, unflushedBoot: null, default));
        return Environment.CpuUsage.TotalTime - before;
    }
}
