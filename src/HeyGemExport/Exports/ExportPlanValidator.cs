using System.Globalization;
using HeyGemExport.Archives;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Exports;

/// <summary>Whether a plan may become an export: there is something in it, all that was named is there, and it has room.</summary>
internal sealed class ExportPlanValidator(
    ExportStore store, ArchiveFolder folder, ExportProgressBoard board, IOptions<ExportOptions> options)
{
    /// <summary>Left free in the temp directory whatever is packed, so that others there can still write.</summary>
    private const long Reserve = 16L << 20;

    /// <summary>What a small server with one disk packs and proves, before this node has measured itself.</summary>
    private const double AssumedBytesPerSecond = 150e6;

    /// <summary>Why the plan cannot be confirmed now, or null.</summary>
    public async Task<ExportError?> RefuseAsync(ExportPlan plan, PackOptions pack, CancellationToken cancellationToken) =>
        RefuseContent(plan, pack) ?? await RefuseSpaceAsync(plan, cancellationToken);

    /// <summary>Why what was asked for cannot be packed, or null.</summary>
    public static ExportError? RefuseContent(ExportPlan plan, PackOptions pack)
    {
        return (pack, plan) switch
        {
            (_, { Unpackable.Count: > 0 }) => new ExportError("not-packable", Files: plan.Unpackable),
            (_, { TooLarge.Count: > 0 }) => new ExportError("file-too-large", [Figure(pack.MaxPartBytes ?? 0)], plan.TooLarge),
            (_, { PartCount: > ArchiveParts.MaxParts }) => new ExportError("too-many-parts", [], []),
            (_, { Entries.Count: > 0 }) => null,
            (_, { Fault: not null }) => new ExportError("outputs-unavailable"),
            _ when plan.LeftOut.Any(issue => issue.Reason is "downloaded") => new ExportError("nothing-new"),
            _ => new ExportError("nothing-selected", Files: plan.LeftOut),
        };
    }

    /// <summary>Why there is no room for the archive, or null.</summary>
    public Task<ExportError?> RefuseSpaceAsync(ExportPlan plan, CancellationToken cancellationToken) =>
        RefuseSpaceAsync(plan.RequiredBytes, cancellationToken);

    /// <summary>Why there is no room for archives of that many bytes, or null.</summary>
    public async Task<ExportError?> RefuseSpaceAsync(long requiredBytes, CancellationToken cancellationToken)
    {
        try
        {
            // The folder may have been removed, as a cleaner of temp directories does.
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

    /// <summary>Expected seconds to pack and prove.</summary>
    public double EstimateSeconds(ExportPlan plan)
    {
        var speed = board.LastBytesPerSecond is > 0 and var measured ? measured : AssumedBytesPerSecond;
        return Math.Ceiling(plan.TotalBytes / speed);
    }

    private static string Figure(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);
}
