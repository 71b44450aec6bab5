using HeyGemExport.Storage;

namespace HeyGemExport.Tests.Architecture;

/// <summary>The table in <c>docs/architecture.md</c>, row by row, against the compiled code.</summary>
public sealed class DependencyTests
{
    private const string Root = "HeyGemExport";

    /// <summary>Where the compiler of Razor puts views.</summary>
    private const string Views = "AspNetCoreGeneratedDocument";

    private static readonly IReadOnlyList<CompiledType> App = TypeReferences.Of(typeof(Database).Assembly.Location);

    [Theory]
    [InlineData("Storage", "")]
    [InlineData("Media", "")]
    [InlineData("Library", "Media Storage")]
    [InlineData("Audit", "Storage")]
    [InlineData("Accounts", "Storage Audit")]
    [InlineData("Tagging", "Library Audit Accounts")]
    [InlineData("Exports", "Library Audit Accounts Storage Jobs.IExportQueue")]
    [InlineData("Jobs", "Exports.ExportJob Exports.ExportOptions Exports.ExportTransitions Exports.ExportService Exports.CancelExportResult Exports.RetryExportResult Exports.Export Exports.ExportState Exports.ExportError Exports.ExportErrorTexts Accounts")]
    [InlineData("Delivery", "Library Exports Audit Accounts Storage")]
    [InlineData("Ops", "Library Exports Delivery Jobs Audit Accounts Storage")]
    [InlineData("Pages", "Library Tagging Exports Delivery Audit Accounts Ops Jobs.JobEngine")]
    public void A_folder_uses_only_what_it_may(string folder, string allowed)
    {
        var types = App.Where(type => IsOf(type, folder)).ToList();
        var may = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(folder).ToList();

        Assert.NotEmpty(types);
        Assert.Empty(Breaches(types, use => FeatureOf(use) is not null && !may.Exists(part => IsIn(use, part))));
    }

    [Fact]
    public void Only_jobs_names_the_engine() =>
        Assert.Empty(Breaches(App.Where(type => !IsOf(type, "Jobs")), IsEngine));

    [Fact]
    public void Jobs_names_one_engine() =>
        Assert.Single(App.Where(type => IsOf(type, "Jobs")).SelectMany(type => type.Uses.Where(IsEngine)).Select(use => use.Split('.')[0]).Distinct(StringComparer.Ordinal));

    [Fact]
    public void Pages_and_endpoints_never_touch_the_database() => Assert.Empty(Breaches(
        App.Where(type => IsOf(type, "Pages") || type.Name.EndsWith("Endpoints", StringComparison.Ordinal) || type.Name.EndsWith("Endpoint", StringComparison.Ordinal)),
        IsDatabase));

    [Fact]
    public void Nobody_but_pages_and_the_host_uses_ops() => Assert.Empty(Breaches(
        App.Where(type => type.Namespace != Root && !IsOf(type, "Pages") && !IsOf(type, "Ops")),
        use => IsIn(use, "Ops")));

    [Theory]
    [InlineData("HeyGemExport.Exports", "ExportStore", "HeyGemExport.Storage.Database")]
    [InlineData("HeyGemExport.Exports", "ExportStore", "Dapper.SqlMapper")]
    [InlineData("HeyGemExport.Pages.Library", "IndexModel", "HeyGemExport.Ops.SystemCheck")]
    [InlineData("AspNetCoreGeneratedDocument", "Pages_Audit_Index", "HeyGemExport.Audit.AuditTrail")]
    [InlineData("HeyGemExport.Exports", "ExportPlanner", "HeyGemExport.Exports.Archives.ArchiveNames")]
    public void The_reading_finds_what_is_known_to_be_there(string space, string name, string use) =>
        Assert.Contains(use, Assert.Single(App, type => type.Namespace == space && type.Name == name).Uses);

    private static bool IsEngine(string use) => use.StartsWith("Quartz.", StringComparison.Ordinal) || use.StartsWith("Hangfire.", StringComparison.Ordinal);

    private static bool IsDatabase(string use) =>
        IsIn(use, "Storage") || use.StartsWith("Dapper.", StringComparison.Ordinal) || use.StartsWith("Npgsql.", StringComparison.Ordinal) || use.StartsWith("Microsoft.Data.Sqlite.", StringComparison.Ordinal);

    private static bool IsOf(CompiledType type, string folder) => IsIn(type.Namespace, folder) || (folder == "Pages" && type.Namespace == Views);

    private static bool IsIn(string name, string part) => name == $"{Root}.{part}" || name.StartsWith($"{Root}.{part}.", StringComparison.Ordinal);

    /// <summary>The folder of a type of the app; null for what stands directly in it, and for what is not of the app.</summary>
    private static string? FeatureOf(string use) =>
        use.StartsWith(Root + ".", StringComparison.Ordinal) && use.Split('.') is { Length: > 2 } parts ? parts[1] : null;

    private static IEnumerable<string> Breaches(IEnumerable<CompiledType> types, Func<string, bool> isBreach) =>
        from type in types
        from use in type.Uses.Where(isBreach)
        select $"{type.Namespace}.{type.Name} uses {use}";
}
