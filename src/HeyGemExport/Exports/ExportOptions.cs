using System.ComponentModel.DataAnnotations;

namespace HeyGemExport.Exports;

/// <summary>Where and how archives are built and kept. Section <c>Exports</c>.</summary>
internal sealed class ExportOptions
{
    public const string Section = "Exports";

    private const string PrefixRule = "{0} must be 1 to 60 letters, digits, '_', '-' or '.', and begin with a letter or digit";

    /// <summary>Where archives are built and kept; relative to the content root. Empty: the system's temp directory.</summary>
    public string TempPath { get; set; } = "";

    /// <summary>How an archive's name begins. Default <c>heygem_batch_result</c>.</summary>
    [Required(ErrorMessage = PrefixRule), RegularExpression("[A-Za-z0-9][A-Za-z0-9._-]{0,59}", ErrorMessage = PrefixRule)]
    public string NamePrefix { get; set; } = "heygem_batch_result";

    /// <summary>Seconds after which the person is told to come back later. Default 300.</summary>
    [Range(1, 86_400)]
    public int SoftTimeoutSeconds { get; set; } = 300;

    /// <summary>Archives built at the same time. Default 1.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 1;

    /// <summary>Hours that a ready archive is kept after its last use. Default 24.</summary>
    [Range(0d, 8760, MinimumIsExclusive = true)]
    public double RetentionHours { get; set; } = 24;

    /// <summary>Bytes that all archives together may take; 0 for no cap. The least recently used are deleted first.</summary>
    [Range(0, long.MaxValue, ErrorMessage = "{0} must be 0 (no cap) or a number of bytes")]
    public long MaxTempBytes { get; set; }
}
