namespace HeyGemExport.Exports;

/// <summary>Where and how archives are built and kept. Section <c>Exports</c>.</summary>
internal sealed class ExportOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Exports";

    /// <summary>Where archives are built and kept; relative to the content root. Empty: the system's temp directory.</summary>
    public string TempPath { get; set; } = "";

    /// <summary>How an archive's name begins; letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, at most 60. Default <c>heygem_batch_result</c>.</summary>
    public string NamePrefix { get; set; } = "heygem_batch_result";

    /// <summary>Seconds after which the person is told to come back later; 1 to 86,400. Default 300.</summary>
    public int SoftTimeoutSeconds { get; set; } = 300;

    /// <summary>Archives built at the same time; 1 to 64. Default 1.</summary>
    public int Workers { get; set; } = 1;

    /// <summary>Hours that a ready archive lives after its last use; above 0, at most 8,760. Default 24.</summary>
    public double RetentionHours { get; set; } = 24;

    /// <summary>Bytes that all archives together may take; 0 for no cap. The oldest unused go first.</summary>
    public long MaxTempBytes { get; set; }
}
