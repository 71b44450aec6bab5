using HeyGemExport.Archives;

namespace HeyGemExport.Exports;

/// <summary>Decides whether a plan may become an export: it is not empty, all that was named can be packed, and there is room.</summary>
internal sealed class ExportPlanValidator(
    ExportStore store, ArchiveFolder folder, ExportProgressBoard board, IOptions<ExportOptions> options)
{
    /// <summary>Bytes that are always left free in the temp directory, so that others there can still write.</summary>
    private const long Reserve = 16L << 20;

    /// <summary>What a small server with one disk packs and verifies, until this node has measured itself.</summary>
    private const double AssumedBytesPerSecond = 150e6;

    public async Task<ExportError?> RefuseAsync(ExportPlan plan, PackOptions pack, CancellationToken cancellationToken) =>
        RefuseContent(plan, pack) ?? await RefuseSpaceAsync(plan.RequiredBytes, cancellationToken);

    public static ExportError? RefuseContent(ExportPlan plan, PackOptions pack) => plan switch
    {
        { Unpackable.Count: > 0 } => new ExportError("not-packable", Files: plan.Unpackable),
        { TooLarge.Count: > 0 } => new ExportError("file-too-large", [Figure(pack.MaxPartBytes ?? 0)], plan.TooLarge),
        { PartCount: > ArchiveParts.MaxParts } => new ExportError("too-many-parts", [], []),
        { Entries.Count: > 0 } => null,
        { Fault: not null } => new ExportError("outputs-unavailable"),
        _ when plan.LeftOut.Any(issue => issue.Reason is "downloaded") => new ExportError("nothing-new"),
        _ => new ExportError("nothing-selected", Files: plan.LeftOut),
    };

    public async Task<ExportError?> RefuseSpaceAsync(long requiredBytes, CancellationToken cancellationToken)
    {
        try
        {
            // The folder may have been removed by a cleaner of temp directories.
            Directory.CreateDirectory(folder.FullPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ExportError("temp-unwritable", [folder.FullPath]);
        }

        var free = folder.FreeBytes() - await store.PromisedBytesAsync(cancellationToken) - Reserve;
        if (options.Value.MaxTempBytes is > 0 and var cap)
        {
            free = Math.Min(free, cap);
        }

        return requiredBytes <= free
            ? null
            : new ExportError("not-enough-space", [Figure(requiredBytes), Figure(Math.Max(0, free)), folder.FullPath]);
    }

    public double EstimateSeconds(ExportPlan plan)
    {
        var speed = board.LastBytesPerSecond is > 0 and var measured ? measured : AssumedBytesPerSecond;
        return Math.Ceiling(plan.TotalBytes / speed);
    }

    private static string Figure(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);
}
