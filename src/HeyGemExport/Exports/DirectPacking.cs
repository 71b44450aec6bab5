using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;

namespace HeyGemExport.Exports;

/// <summary>A request to pack straight to a folder, which must exist. Parts are named after the archive.</summary>
internal sealed record DirectOrder(Selection Selection, PackOptions Options, string Folder, string ArchiveName);

/// <summary>Progress in source bytes of the present phase: building, or verifying.</summary>
internal readonly record struct DirectProgress(ExportState State, long Done, long Total);

internal abstract record DirectResult
{
    public sealed record Packed(Export Export) : DirectResult;

    public sealed record Refused(ExportError Error) : DirectResult;

    /// <summary>It failed and left nothing behind.</summary>
    public sealed record Failed(ExportError Error) : DirectResult;
}

/// <summary>Packs a selection straight to a folder: planned, built, verified and published like any export, but without a record and
/// without the job engine, so that it can run beside a server over the same folders.</summary>
internal sealed class DirectPacking(
    ExportPlanner planner, KnownContents known, InstantArchives instant, ArchiveBuilder builder, TimeProvider time)
{
    private const int StreamBytes = 256 * 1024;

    public async Task<DirectResult> PackAsync(
        DirectOrder order, Caller caller, IProgress<DirectProgress> progress, CancellationToken cancellationToken)
    {
        var plan = await planner.PlanAsync(order.Selection, order.Options, caller, cancellationToken);
        if (ExportPlanValidator.RefuseContent(plan, order.Options) is { } refusal)
        {
            return new DirectResult.Refused(refusal);
        }

        var taken = Names(plan, order).Select(name => Path.Combine(order.Folder, name)).FirstOrDefault(File.Exists);
        if (taken is not null)
        {
            return new DirectResult.Refused(new ExportError("target-exists", [taken]));
        }

        try
        {
            return new DirectResult.Packed(await PackAsync(order, plan, caller, progress, cancellationToken));
        }
        catch (Exception exception) when (exception is ContractBrokenException or IOException or UnauthorizedAccessException)
        {
            return new DirectResult.Failed(ExportErrors.Describe(exception, order.Folder));
        }
    }

    /// <summary>Writes the archive, which nobody packs, straight to a stream. After a failure it is cut short, and no archive.</summary>
    public async Task<DirectResult> StreamAsync(
        DirectOrder order, Caller caller, Stream output, IProgress<DirectProgress> progress, CancellationToken cancellationToken)
    {
        var plan = await planner.PlanAsync(order.Selection, order.Options, caller, cancellationToken);
        if (ExportPlanValidator.RefuseContent(plan, order.Options) is { } refusal)
        {
            return new DirectResult.Refused(refusal);
        }

        var (set, unknown) = await instant.LayOutAsync(plan, cancellationToken);
        if (unknown.Count > 0 || order.Options.Compression == CompressionChoice.Deflate)
        {
            return new DirectResult.Refused(new ExportError("not-instant", Files: unknown));
        }

        try
        {
            var export = Begin(order, plan, caller);
            await using var archive = instant.LayOut(export, set.Entries);
            var buffer = new byte[StreamBytes];
            for (long offset = 0; offset < archive.Length;)
            {
                var count = await archive.ReadAtAsync(buffer, offset, cancellationToken);
                await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                offset += count;
                progress.Report(new DirectProgress(ExportState.Building, offset, archive.Length));
            }

            return new DirectResult.Packed(Finished(export, instant.WithParts(export, set).Parts, set));
        }
        catch (Exception exception) when (exception is ContractBrokenException or IOException or UnauthorizedAccessException)
        {
            return new DirectResult.Failed(ExportErrors.Describe(exception, order.Folder));
        }
    }

    private async Task<Export> PackAsync(
        DirectOrder order, ExportPlan plan, Caller caller, IProgress<DirectProgress> progress, CancellationToken cancellationToken)
    {
        var export = Begin(order, plan, caller);
        await using var packer = new ArchivePacker(
            export, await known.AddToAsync(plan.Entries, cancellationToken), builder, name => Path.Combine(order.Folder, name),
            PrivateFiles.FileMode);
        await packer.BuildAsync(new Phase(progress, ExportState.Building, plan.TotalBytes), cancellationToken);
        await packer.VerifyAsync(new Phase(progress, ExportState.Verifying, plan.TotalBytes), cancellationToken);
        var packed = await packer.PublishAsync(flush: true, CancellationToken.None);
        await known.KeepAsync(packed.Entries, CancellationToken.None);
        return Finished(export, await SumAsync(packed.Parts), packed);
    }

    private Export Finished(Export export, IReadOnlyList<ArchivePart> parts, PackedSet packed) => export with
    {
        State = ExportState.Ready,
        Parts = parts,
        LeftOut = packed.LeftOut,
        FileCount = packed.Entries.Count,
        TotalBytes = packed.Entries.Sum(entry => entry.Entry.Bytes),
        FinishedAt = time.GetUtcNow(),
    };

    private static async Task<IReadOnlyList<ArchivePart>> SumAsync(IReadOnlyList<ArchivePart> parts)
    {
        List<ArchivePart> summed = [];
        foreach (var part in parts)
        {
            using var file = File.OpenHandle(part.Path);
            var sums = await FileSums.ComputeAsync(file, inBackground: false, CancellationToken.None);
            summed.Add(part with { Sha256 = sums.Sha256 });
        }

        return summed;
    }

    private Export Begin(DirectOrder order, ExportPlan plan, Caller caller) => new()
    {
        Id = ShortId.Create(),
        State = ExportState.Building,
        FileCount = plan.Entries.Count,
        TotalBytes = plan.TotalBytes,
        ArchiveName = order.ArchiveName,
        RequestedBy = caller.Who,
        RequestedFrom = caller.From,
        Selection = order.Selection,
        Options = order.Options,
        CreatedAt = time.GetUtcNow(),
    };

    private static IEnumerable<string> Names(ExportPlan plan, DirectOrder order) =>
        Enumerable.Range(1, plan.PartCount).Select(number => ArchiveParts.NameOf(order.ArchiveName, number, plan.PartCount));

    private sealed class Phase(IProgress<DirectProgress> progress, ExportState state, long total) : IProgress<ArchiveProgress>
    {
        public void Report(ArchiveProgress value) => progress.Report(new DirectProgress(state, value.DoneBytes, total));
    }
}
