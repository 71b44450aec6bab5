using System.Diagnostics;
using System.Runtime.InteropServices;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;

namespace HeyGemExport.Health;

internal sealed class ServiceChecks(Database database, JobEngine engine)
{
    /// <summary>Whether the records can be read; brings their schema up to date where it is not.</summary>
    public async Task<CheckResult> DatabaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = await database.SchemaVersionAsync(cancellationToken);
            return Database(CheckState.Ok, "database-ready", version.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            var code = database.IsSqlite ? "database-file-unavailable" : "database-server-unavailable";
            return Database(CheckState.Failed, code, (exception.InnerException ?? exception).Message);
        }
    }

    public CheckResult DatabaseTimedOut(string seconds) => Database(CheckState.Failed, "database-timeout", seconds);

    public Task<CheckResult> EngineAsync(CancellationToken cancellationToken) =>
        Task.FromResult(engine.IsRunning ? Engine(CheckState.Ok, "engine-running") : Engine(CheckState.Failed, "engine-stopped"));

    public CheckResult EngineTimedOut(string seconds) => Engine(CheckState.Failed, "engine-timeout", seconds);

    public EngineInfo DescribeEngine(int workers, string node) => new(
        engine.Name, engine.Version, engine.DashboardPath, engine.IsRunning, workers, engine.Busy(ExportJob.Queue), node);

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

    private CheckResult Engine(CheckState state, string code, params IReadOnlyList<string> details) =>
        CheckResult.Of("engine", state, code, $"{engine.Name} {engine.Version}".TrimEnd(), "Exports:Workers", details);
}
