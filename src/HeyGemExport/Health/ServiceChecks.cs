using System.Globalization;
using HeyGemExport.Data;
using HeyGemExport.Jobs;

namespace HeyGemExport.Health;

/// <summary>The checks of what is no folder: the database and the job engine.</summary>
internal sealed class ServiceChecks(Database database, JobEngine engine)
{
    private string Key => database.Engine == DatabaseEngine.Sqlite ? "Data:Path" : "ConnectionStrings:Database";

    /// <summary>Whether the records can be read, their schema brought up to date where it is not.</summary>
    public async Task<CheckResult> DatabaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = await database.SchemaVersionAsync(cancellationToken);
            return Database(CheckState.Ok, "database-ready", version.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception fault) when (DatabaseErrors.IsUnavailable(fault))
        {
            var code = database.Engine == DatabaseEngine.Sqlite ? "database-file-unavailable" : "database-server-unavailable";
            return Database(CheckState.Failed, code, (fault.InnerException ?? fault).Message);
        }
    }

    /// <summary>The result of a database that does not come back.</summary>
    public CheckResult DatabaseTimedOut(TimeSpan after) => Database(CheckState.Failed, "database-timeout", Seconds(after));

    /// <summary>Whether the engine takes jobs from its queue.</summary>
    public Task<CheckResult> EngineAsync(CancellationToken cancellationToken) =>
        Task.FromResult(engine.IsRunning ? Engine(CheckState.Ok, "engine-running") : Engine(CheckState.Failed, "engine-stopped"));

    /// <summary>The result of an engine that does not come back.</summary>
    public CheckResult EngineTimedOut(TimeSpan after) => Engine(CheckState.Failed, "engine-timeout", Seconds(after));

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture);

    private CheckResult Database(CheckState state, string code, string detail) =>
        new("database", state, code, database.Location, Key, ServiceAccount.Description, ServiceAccount.Owner, detail);

    private CheckResult Engine(CheckState state, string code, params IReadOnlyList<string> details) =>
        new("engine", state, code, [$"{engine.Name} {engine.Version}".TrimEnd(), "Exports:Workers", ServiceAccount.Description, ServiceAccount.Owner, .. details]);
}
