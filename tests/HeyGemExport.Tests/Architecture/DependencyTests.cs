using HeyGemExport.Data;

namespace HeyGemExport.Tests.Architecture;

/// <summary>The table in <c>docs/architecture.md</c>, row by row, against the compiled code.</summary>
public sealed class DependencyTests
{
    private const string Root = "HeyGemExport";

    /// <summary>Where the compiler of Razor puts views.</summary>
    private const string Views = "AspNetCoreGeneratedDocument";

    /// <summary>What every feature may use: what all of the API has in common, languages, and the host.</summary>
    private static readonly string[] Shared = ["Api", "Hosting", "Localization"];

    /// <summary>What may use health, telemetry and the command line.</summary>
    private static readonly string[] Outer = ["Pages", "Health", "Telemetry", "Cli", "Hosting"];

    private static readonly IReadOnlyList<CompiledType> App = TypeReferences.Of(typeof(Database).Assembly.Location);

    [Theory]
    [InlineData("Media", "")]
    [InlineData("Archives", "")]
    [InlineData("FileSystem", "")]
    [InlineData("Localization", "")]
    [InlineData("Data", "FileSystem")]
    [InlineData("Audit", "Data FileSystem Archives")]
    [InlineData("Accounts", "Data Audit FileSystem")]
    [InlineData("Jobs", "Data Accounts")]
    [InlineData("Library", "Media FileSystem Data Jobs Audit Accounts")]
    [InlineData("Exports", "Library Archives FileSystem Data Jobs Audit Accounts")]
    [InlineData("Uploads", "Exports Library Archives FileSystem Data Jobs Audit Accounts")]
    [InlineData("Shares", "Exports Library Archives FileSystem Data Jobs Audit Accounts")]
    [InlineData("Nodes", "Exports Library Jobs Data")]
    [InlineData("Notifications", "Exports Library Archives FileSystem Data Jobs Audit Accounts")]
    public void A_folder_uses_only_what_it_may(string folder, string allowed)
    {
        var types = App.Where(type => IsOf(type, folder)).ToList();
        var may = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(folder).ToList();

        Assert.NotEmpty(types);
        Assert.Empty(
            Breaches(types, use => FeatureOf(use) is { } feature && !Shared.Contains(feature) && !may.Exists(part => IsIn(use, part))));
    }

    [Fact]
    public void Only_jobs_names_the_engine() =>
        Assert.Empty(Breaches(App.Where(type => !IsOf(type, "Jobs")), IsEngine));

    [Fact]
    public void Pages_and_endpoints_never_touch_the_database() => Assert.Empty(Breaches(
        App.Where(
            type => IsOf(type, "Pages") || type.Name.EndsWith("Endpoints", StringComparison.Ordinal)
                || type.Name.EndsWith("Endpoint", StringComparison.Ordinal)),
        IsDatabase));

    /// <summary>They may tell that the database is away; health also checks it, and the folder of its options.</summary>
    [Theory]
    [InlineData("Health", "DatabaseErrors Database DataOptions SchemaTooNewException")]
    [InlineData("Telemetry", "DatabaseErrors")]
    [InlineData("Cli", "DatabaseErrors Database DataFolderLock DataFolderInUseException SchemaTooNewException")]
    [InlineData("Api", "DatabaseErrors")]
    [InlineData("Pages", "")]
    public void An_outer_folder_leaves_the_records_to_the_features(string folder, string allowed)
    {
        var types = App.Where(type => IsOf(type, folder)).ToList();
        var may = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => $"{Root}.Data.{name}").ToList();

        Assert.NotEmpty(types);
        Assert.Empty(Breaches(types, use => IsDatabase(use) && !may.Contains(use)));
    }

    [Theory]
    [InlineData("Api", "Data Accounts")]
    [InlineData("Hosting", "FileSystem")]
    [InlineData("Cli", "Health Exports Uploads Archives Accounts Data")]
    [InlineData("Health", "Nodes Shares Exports Library Jobs FileSystem Accounts Data")]
    public void An_outer_folder_uses_only_what_it_may(string folder, string allowed) => A_folder_uses_only_what_it_may(folder, allowed);

    [Theory]
    [InlineData("Health")]
    [InlineData("Telemetry")]
    [InlineData("Cli")]
    public void No_feature_uses(string folder) => Assert.Empty(Breaches(
        App.Where(type => type.Namespace != Root && !Outer.Any(outer => IsOf(type, outer))),
        use => IsIn(use, folder)));

    [Theory]
    [InlineData("HeyGemExport.Exports", "ExportStore", "HeyGemExport.Data.Database")]
    [InlineData("HeyGemExport.Data", "DatabaseSession", "Dapper.SqlMapper")]
    [InlineData("HeyGemExport.Pages.Library", "IndexModel", "HeyGemExport.Health.SystemCheck")]
    [InlineData("AspNetCoreGeneratedDocument", "Pages_Audit_Index", "HeyGemExport.Audit.AuditActions")]
    [InlineData("HeyGemExport.Exports", "ExportPlanner", "HeyGemExport.Archives.ArchiveNames")]
    public void The_reading_finds_what_is_known_to_be_there(string space, string name, string use) =>
        Assert.Contains(use, Assert.Single(App, type => type.Namespace == space && type.Name == name).Uses);

    private static bool IsEngine(string use) => use.StartsWith("Hangfire.", StringComparison.Ordinal);

    private static bool IsDatabase(string use) =>
        IsIn(use, "Data")
            || use.StartsWith("Dapper.", StringComparison.Ordinal)
            || use.StartsWith("Npgsql.", StringComparison.Ordinal)
            || use.StartsWith("Microsoft.Data.Sqlite.", StringComparison.Ordinal);

    private static bool IsOf(CompiledType type, string folder) =>
        IsIn(type.Namespace, folder) || (folder == "Pages" && type.Namespace == Views);

    private static bool IsIn(string name, string part) =>
        name == $"{Root}.{part}" || name.StartsWith($"{Root}.{part}.", StringComparison.Ordinal);

    /// <summary>The folder of a type of the app; null for what stands directly in it, and for what is not of the app.</summary>
    private static string? FeatureOf(string use) =>
        use.StartsWith(Root + ".", StringComparison.Ordinal) && use.Split('.') is { Length: > 2 } parts ? parts[1] : null;

    private static IEnumerable<string> Breaches(IEnumerable<CompiledType> types, Func<string, bool> isBreach) =>
        from type in types
        from use in type.Uses.Where(isBreach)
        select $"{type.Namespace}.{type.Name} uses {use}";
}
