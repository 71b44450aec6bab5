namespace HeyGemExport.Data;

/// <summary>Where the database and the keys are. Section <c>Data</c>.</summary>
internal sealed class DataOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Data";

    /// <summary>The folder of the SQLite database and of the keys; relative to the content root. Default <c>data</c>.</summary>
    public string Path { get; set; } = "data";
}
