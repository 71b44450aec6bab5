using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.FileSystem;
using HeyGemExport.Library;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Health;

/// <summary>How one part of the system stands.</summary>
public enum CheckState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but someone should look.</summary>
    Degraded,

    /// <summary>Does not work.</summary>
    Failed,
}

/// <summary>One check and what to do about it.</summary>
/// <param name="Name"><c>outputs</c>, <c>temp</c>, <c>data</c>, <c>logs</c>, <c>space</c>, <c>database</c>, <c>engine</c>.</param>
/// <param name="State">How it stands.</param>
/// <param name="Code">Stable; texts with the keys <c>Check.&lt;code&gt;</c> and <c>Remedy.&lt;code&gt;</c> exist in each language.</param>
/// <param name="Args">Format arguments of both texts: the path, the configuration key that names it, the account that
/// the service runs as, the same for <c>chown</c>, and then what belongs to the code.</param>
internal sealed record CheckResult(string Name, CheckState State, string Code, params IReadOnlyList<string> Args);

/// <summary>Whether the service can do its work: reads outputs, writes temp, data and logs, has space, reaches its database, and its engine runs.</summary>
/// <remarks>Nothing is assumed from permissions or mount options: each folder is tried by using it. A file system that
/// hangs costs one waiting thread, however often it is asked.</remarks>
internal sealed class SystemCheck
{
    /// <summary>How old the answer of <see cref="CurrentAsync"/> may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Task<CheckResult>> running = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<(FolderProbe Probe, Func<FolderProbe, CheckResult> Run)> checks;
    private readonly TimeSpan timeout;
    private readonly ServiceChecks? services;
    private readonly TimeProvider clock;
    private Task<IReadOnlyList<CheckResult>>? current;
    private DateTimeOffset currentFrom;

    /// <summary>Checks over the folders that the options name, and over the database and the engine when they are given.</summary>
    public SystemCheck(
        IOptions<LibraryOptions> library,
        IOptions<ExportOptions> exports,
        IOptions<DataOptions> data,
        LogFolder logs,
        IOptions<HealthOptions> options,
        IHostEnvironment environment,
        TimeProvider clock,
        ServiceChecks? services = null)
    {
        this.clock = clock;
        this.services = services;
        timeout = TimeSpan.FromSeconds(options.Value.CheckTimeoutSeconds);
        var extensions = library.Value.Extensions.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var (low, least) = (options.Value.LowFreeBytes, options.Value.MinimumFreeBytes);
        var temp = exports.Value.TempPath is { Length: > 0 } configured ? FullPath(configured) : Path.GetTempPath();
        checks =
        [
            (new("outputs", "Library:OutputsPath", FullPath(library.Value.OutputsPath)), probe => probe.Readable(extensions)),
            (new("temp", "Exports:TempPath", temp), probe => probe.Writable()),
            (new("data", "Data:Path", FullPath(data.Value.Path)), probe => probe.Writable()),
            (new("logs", "Logs:Path", logs.FullPath), probe => probe.Writable()),
            (new("space", "Exports:TempPath", temp), probe => probe.Space(low, least)),
        ];

        string FullPath(string path) => Path.GetFullPath(path, environment.ContentRootPath);
    }

    /// <summary>Checks the folders now. Starts nothing and makes no database, so that anybody may ask from a shell.</summary>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken) => await Task.WhenAll(Folders(cancellationToken));

    /// <summary>The results of the last run, at most <see cref="Freshness"/> old; runs the checks when they are older.
    /// Whoever asks during a run waits for that one.</summary>
    public Task<IReadOnlyList<CheckResult>> CurrentAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<CheckResult>> results;
        lock (gate)
        {
            if (current is null || (current.IsCompleted && clock.GetUtcNow() - currentFrom >= Freshness))
            {
                currentFrom = clock.GetUtcNow();
                current = RunAllAsync();
            }

            results = current;
        }

        return results.WaitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<CheckResult>> RunAllAsync()
    {
        var all = Folders(CancellationToken.None);
        if (services is not null)
        {
            all = all
                .Append(RunAsync("database", services.DatabaseAsync, services.DatabaseTimedOut, CancellationToken.None))
                .Append(RunAsync("engine", services.EngineAsync, services.EngineTimedOut, CancellationToken.None));
        }

        return await Task.WhenAll(all);
    }

    private IEnumerable<Task<CheckResult>> Folders(CancellationToken cancellationToken) =>
        checks.Select(check => RunAsync(check.Probe.Name, _ => Task.FromResult(check.Run(check.Probe)), check.Probe.TimedOut, cancellationToken));

    private async Task<CheckResult> RunAsync(
        string name, Func<CancellationToken, Task<CheckResult>> run, Func<TimeSpan, CheckResult> timedOut, CancellationToken cancellationToken)
    {
        Task<CheckResult>? task;
        lock (running)
        {
            // A check that still hangs from the last round is waited for again, not started a second time.
            if (!running.TryGetValue(name, out task) || task.IsCompleted)
            {
                task = Task.Run(() => run(CancellationToken.None), CancellationToken.None);
                running[name] = task;
            }
        }

        try
        {
            return await task.WaitAsync(timeout, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return timedOut(timeout);
        }
    }
}
