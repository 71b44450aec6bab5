using HeyGemExport.Archives;
using HeyGemExport.Library;
using HeyGemExport.Localization;

namespace HeyGemExport.Exports;

/// <summary>What an export holds, in short.</summary>
/// <param name="Batches">The first of them, in the order of the contract.</param>
/// <param name="Files">Paths of the first files.</param>
internal sealed record ExportContent(IReadOnlyList<BatchContent> Batches, int BatchCount, IReadOnlyList<string> Files)
{
    public const int MaxBatches = 6;
    public const int MaxFiles = 3;

    public static ExportContent Of(IReadOnlyList<ContractEntry> entries)
    {
        var batches = entries.CountBy(entry => Video.BatchOf(entry.Path), StringComparer.Ordinal).ToList();
        return new(
            [.. batches.Take(MaxBatches).Select(batch => new BatchContent(batch.Key, batch.Value))],
            batches.Count,
            [.. entries.Take(MaxFiles).Select(entry => entry.Path)]);
    }
}

internal sealed record BatchContent(string Name, int FileCount);

/// <summary>What exports are called: by the title that a person gave, or else after their content. The files in the temp folder keep
/// <see cref="Export.ArchiveName"/>.</summary>
internal sealed class ExportNames(IStringLocalizer<ExportTexts> texts, IHttpContextAccessor requests, TimeProvider time)
{
    /// <summary>UTF-16 units without number of part and extension: Windows Explorer proposes a folder of this name, and
    /// <see cref="NameLength.PathUnits"/> counts on at most as many as the archive's own name has.</summary>
    public const int MaxUnits = 46;

    private const int LeastUnits = 3;

    /// <summary>The archive's name for whoever downloads it, such as <c>培训等2个批次_15个_20251219_1420.zip</c> or
    /// <c>Training +1 more, 15 videos, 2025-12-19 14.20.zip</c>.</summary>
    public string FileName(Export export) => Title(export) + ".zip";

    public string FileName(Export export, ArchivePart part) =>
        ArchiveParts.NameOf(FileName(export), part.Number, Math.Max(1, export.Parts.Count));

    /// <summary>The same without its extension.</summary>
    public string Title(Export export)
    {
        if (export.Title is { } title)
        {
            return title;
        }

        if (export.Content is not { } content)
        {
            return Path.GetFileNameWithoutExtension(export.ArchiveName);
        }

        var zone = ViewerZone.Of(requests.HttpContext?.Request, time);
        var at = TimeZoneInfo.ConvertTime(export.CreatedAt, zone).ToString(texts["Name.At"].Value, CultureInfo.InvariantCulture);
        var free = MaxUnits - at.Length - Summary(content, export.FileCount, first: "").Length;
        var first = NameLength.Cut(PortableName.Of(First(content)), isFile: false, number: "", Math.Max(LeastUnits, free));
        return NameLength.Cut(
            PortableName.Of(Summary(content, export.FileCount, first) + at), isFile: false, number: "", MaxUnits);
    }

    /// <summary>What it holds, in a few words; empty for exports of earlier versions.</summary>
    public string Summary(Export export) =>
        export.Content is { } content ? Summary(content, export.FileCount, First(content)) : "";

    /// <summary>A title as it can be kept: a portable name, without an extension of its own. Null when nothing is left of it.</summary>
    public static string? Clean(string? title)
    {
        var name = (title ?? "").Trim();
        name = name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
        return name.Trim(' ', '.').Length == 0 ? null : NameLength.Cut(PortableName.Of(name), isFile: false, number: "", MaxUnits);
    }

    private string Summary(ExportContent content, int files, string first) => content switch
    {
        _ when files == 1 => first,
        { BatchCount: > 1 } => texts["Name.Batches", first, content.BatchCount, files, content.BatchCount - 1],
        _ => texts["Name.Batch", first, files],
    };

    private string First(ExportContent content) => content switch
    {
        { Files: [var file], BatchCount: 1 } => Path.GetFileNameWithoutExtension(file),
        _ when content.Batches.FirstOrDefault(batch => batch.Name is not Video.Ungrouped) is { } named => named.Name,
        _ => texts["Name.Ungrouped"],
    };
}
