using HeyGemExport.Exports;

namespace HeyGemExport.Pages.Exports;

/// <summary>One figure for the whole way of an export, which never runs backwards.</summary>
internal static class OverallProgress
{
    /// <summary>0 to 100. Packing counts twice what proving counts: it writes what proving only reads.</summary>
    public static int Percent(Export export)
    {
        return export switch
        {
            { State: ExportState.Ready or ExportState.Expired } => 100,
            { TotalBytes: > 0 } => (int)Math.Clamp(100.0 * ((2.0 * export.DoneBytes) + export.VerifiedBytes) / (3.0 * export.TotalBytes), 0, 100),
            _ => 0,
        };
    }
}
