using System.Diagnostics;
using System.Runtime.InteropServices;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;
using HeyGemExport.Nodes;

namespace HeyGemExport.Health;

internal sealed class ServiceChecks(
    Database database, ArchiveRetention archives, ArchiveFolder temp, JobEngine engine, NodeRegistry nodes, IOptions<NodeOptions> node)
{
    public const string ArchivesName = "archives";

    /// <summary>How many archives a text names.</summary>
    private const int MaxNamed = 5;

    /// <summary>Over a SQLite file there is one alone.</summary>
    public bool HasNodes => !database.IsSqlite;

    public bool HasEngine => node.Value.RunsJobs;

    /// <summary>Whether the records can be written; brings their schema up to date where it is not.</summary>
    public async Task<CheckResult> DatabaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = await database.TryWritingAsync(cancellationToken);
            return Database(CheckState.Ok, "database-ready", version.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            if (exception is SchemaTooNewException newer)
            {
                return Database(CheckState.Failed, "database-newer", $"{newer.Version} > {newer.Known}");
            }

            var code = database.IsSqlite ? "database-file-unavailable" : "database-server-unavailable";
            return Database(CheckState.Failed, code, (exception.InnerException ?? exception).Message);
        }
    }

    public CheckResult DatabaseTimedOut(string seconds) => Database(CheckState.Failed, "database-timeout", seconds);

    /// <summary>Whether the database knows every archive that is there.</summary>
    public async Task<CheckResult> ArchivesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var unknown = await archives.FindUnknownAsync(cancellationToken);
            return unknown.Count == 0
                ? Archives(CheckState.Ok, "archives-known")
                : Archives(
                    CheckState.Degraded, "archives-unknown", unknown.Count.ToString(CultureInfo.InvariantCulture),
                    string.Join(", ", unknown.Select(file => file.FullName).Order(StringComparer.Ordinal).Take(MaxNamed)));
        }
        catch (Exception exception)
            when (DatabaseErrors.IsUnavailable(exception) || exception is IOException or UnauthorizedAccessException)
        {
            return ArchivesTimedOut(seconds: "");
        }
    }

    public CheckResult ArchivesTimedOut(string seconds) => Archives(CheckState.Degraded, "archives-unread");

    public Task<CheckResult> EngineAsync(CancellationToken cancellationToken) =>
        Task.FromResult(engine.IsRunning ? Engine(CheckState.Ok, "engine-running") : Engine(CheckState.Failed, "engine-stopped"));

    public CheckResult EngineTimedOut(string seconds) => Engine(CheckState.Failed, "engine-timeout", seconds);

    /// <summary>Whether the nodes see the same folders, and one of them runs jobs.</summary>
    public async Task<CheckResult> NodesAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!nodes.IsCurrent)
            {
                await nodes.BeatAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return Nodes(CheckState.Degraded, "nodes-unknown", "ConnectionStrings:Database");
        }

        var found = nodes.Examine();
        var different = found.IsMinority ? CheckState.Failed : CheckState.Degraded;
        return found.State switch
        {
            NodesState.OtherTemp => Nodes(different, "nodes-other-temp", "Exports:TempPath", found.Others),
            NodesState.OtherOutputs => Nodes(different, "nodes-other-outputs", "Library:OutputsPath", found.Others),
            NodesState.NoWorker => Nodes(CheckState.Degraded, "nodes-no-worker", "Node:Role", found.Others),
            NodesState.Alone => Nodes(CheckState.Ok, "nodes-alone", "Node:Role"),
            _ => Nodes(CheckState.Ok, "nodes-agree", "Node:Role", found.Others),
        };
    }

    public CheckResult NodesTimedOut(string seconds) => Nodes(CheckState.Degraded, "nodes-unknown", "ConnectionStrings:Database");

    public EngineInfo DescribeEngine(int workers) => new(
        engine.Name, engine.Version, engine.DashboardPath, HasEngine ? engine.IsRunning : null, HasEngine ? workers : 0,
        engine.Busy(ExportJob.Queue), nodes.Live[0].Name);

    public VersionInfo DescribeVersions(int? schemaVersion)
    {
        using var process = Process.GetCurrentProcess();
        return new(
            AppVersion.Current,
            RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})",
            database.IsSqlite ? "SQLite" : "PostgreSQL",
            database.Location,
            schemaVersion,
            new DateTimeOffset(process.StartTime));
    }

    private CheckResult Database(CheckState state, string code, string detail) =>
        CheckResult.Of("database", state, code, database.Location, database.IsSqlite ? "Data:Path" : "ConnectionStrings:Database", detail);

    private CheckResult Archives(CheckState state, string code, params IReadOnlyList<string> details) =>
        CheckResult.Of(ArchivesName, state, code, temp.TempPath, "Exports:TempPath", details);

    private CheckResult Nodes(CheckState state, string code, string key, params IReadOnlyList<string> others) =>
        CheckResult.Of("nodes", state, code, nodes.Live[0].Name, key, string.Join(", ", others));

    private CheckResult Engine(CheckState state, string code, params IReadOnlyList<string> details) =>
        CheckResult.Of("engine", state, code, $"{engine.Name} {engine.Version}".TrimEnd(), "Exports:Workers", details);
}
