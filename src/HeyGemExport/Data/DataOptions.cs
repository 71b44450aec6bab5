using System.ComponentModel.DataAnnotations;
using HeyGemExport.Hosting;

namespace HeyGemExport.Data;

/// <summary>Where the database and the keys are. Section <c>Data</c>, and <c>ConnectionStrings:Database</c>.</summary>
internal sealed class DataOptions : IValidatableObject
{
    public const string Section = "Data";

    /// <summary>The folder of the SQLite database and of the keys; relative to the content root. Default <c>data</c>.</summary>
    [Required(ErrorMessage = "{0} must name a folder; the default is \"data\"")]
    public string Path { get; set; } = "data";

    /// <summary>How many seconds a request waits for a PostgreSQL that does not answer, before it is answered 503; 1 to 60.
    /// Default 2.</summary>
    [Range(1, 60)]
    public int PatienceSeconds { get; set; } = 2;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var connection = validationContext.GetRequiredService<IConfiguration>().GetConnectionString("Database");
        var wrong = connection is { Length: > 0 } ? PostgreSql.Wrong(connection) : null;
        return ValidatedOptions.Check((wrong is not null, "ConnectionStrings:Database must be empty (SQLite) or for PostgreSQL, "
            + $"such as Host=db;Database=heygem;Username=heygem;Password=...: {wrong}"));
    }
}
