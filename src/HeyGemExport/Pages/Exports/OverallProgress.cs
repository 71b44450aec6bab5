using HeyGemExport.Exports;

namespace HeyGemExport.Pages.Exports;

/// <summary>Never runs backwards.</summary>
internal static class OverallProgress
{
    /// <summary>0 to 100. Packing counts twice as much as verifying: it writes what verifying only reads.</summary>
    public static int Percent(Export export) => export switch
    {
        { State: ExportState.Ready or ExportState.Expired } => 100,
        { TotalBytes: > 0 and var total } =>
            (int)Math.Clamp(100.0 * ((2.0 * export.DoneBytes) + export.VerifiedBytes) / (3.0 * total), 0, 100),
        _ => 0,
    };
}
