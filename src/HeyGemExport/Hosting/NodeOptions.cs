using System.ComponentModel.DataAnnotations;

namespace HeyGemExport.Hosting;

/// <summary>What this node does, beside others over the same PostgreSQL. Section <c>Node</c>.</summary>
internal sealed class NodeOptions : IValidatableObject
{
    public const string Section = "Node";

    private const string Both = "both";

    /// <summary><c>web</c> for pages and API, <c>worker</c> for jobs, or <c>both</c>. Default <c>both</c>.</summary>
    [Required, RegularExpression("(?i)web|worker|both", ErrorMessage = "{0} must be web, worker or both")]
    public string Role { get; set; } = Both;

    public bool ServesPages => !Is("worker");

    public bool RunsJobs => !Is("web");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => ValidatedOptions.Check(
        (!Is(Both) && string.IsNullOrEmpty(validationContext.GetRequiredService<IConfiguration>().GetConnectionString("Database")),
            $"Node:Role must be both with SQLite, whose file belongs to one process; it is '{Role}'. For web and worker nodes, "
            + "give all of them the same PostgreSQL in ConnectionStrings:Database."));

    private bool Is(string role) => string.Equals(Role, role, StringComparison.OrdinalIgnoreCase);
}
