using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.FileSystem;
using HeyGemExport.Library;

namespace HeyGemExport.Health;

public enum CheckState
{
    Ok,
    Degraded,
    Failed,
}

/// <param name="Name"><c>outputs</c>, <c>temp</c>, <c>data</c>, <c>logs</c>, <c>space</c>, <c>database</c>,
/// <c>archives</c>, <c>engine</c>, <c>nodes</c>.</param>
/// <param name="Code">Stable; texts with the keys <c>Check.&lt;code&gt;</c> and <c>Remedy.&lt;code&gt;</c> exist in each language.</param>
/// <param name="Args">Format arguments of both texts: the place, the configuration key that names it, the service account,
/// the same for <c>chown</c>, and then those of the code.</param>
internal sealed record CheckResult(string Name, CheckState State, string Code, params IReadOnlyList<string> Args)
{
    public static CheckResult Of(
        string name, CheckState state, string code, string place, string key, params IReadOnlyList<string> details) =>
        new(name, state, code, [place, key, ServiceAccount.Description, ServiceAccount.Owner, .. details]);
}

/// <summary>Whether the service can do its work: reads outputs, writes temp, data and logs, has space, reaches its database, its engine
/// runs, and it agrees with other nodes.</summary>
/// <remarks>Nothing is inferred from permissions or mount options: each folder is tested by using it. A file system that
/// hangs blocks one thread, however often it is checked.</remarks>
internal sealed class SystemCheck
{
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Task<CheckResult>> running = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<Check> folders;
    private readonly IReadOnlyList<Check> services;
    private readonly TimeSpan timeout;
    private readonly TimeProvider clock;
    private Task<IReadOnlyList<CheckResult>>? current;
    private long currentFrom;

    public SystemCheck(
        IOptions<LibraryOptions> library, IOptions<ExportOptions> exports, IOptions<DataOptions> data, LogFolder logs,
        IOptions<HealthOptions> options, IHostEnvironment environment, TimeProvider clock, ServiceChecks? services = null)
        : this(
            FoldersOf(library.Value, exports.Value, data.Value, logs, options.Value, environment),
            services is null ? [] : Of(services), TimeSpan.FromSeconds(options.Value.CheckTimeoutSeconds), clock)
    {
    }

    internal SystemCheck(IReadOnlyList<Check> folders, IReadOnlyList<Check> services, TimeSpan timeout, TimeProvider clock) =>
        (this.folders, this.services, this.timeout, this.clock) = (folders, services, timeout, clock);

    /// <summary>Checks the folders now. Starts nothing and creates no database, so that anybody may run it from a shell.</summary>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(folders.Select(check => RunAsync(check, cancellationToken)));

    /// <summary>The results of the last run when it is younger than <see cref="Freshness"/>, otherwise of a new one, which all callers
    /// share.</summary>
    public Task<IReadOnlyList<CheckResult>> CurrentAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<CheckResult>> results;
        lock (gate)
        {
            if (current is null || (current.IsCompleted && clock.GetElapsedTime(currentFrom) >= Freshness))
            {
                currentFrom = clock.GetTimestamp();
                current = RunAllAsync();
            }

            results = current;
        }

        return results.WaitAsync(cancellationToken);
    }

    private static IReadOnlyList<Check> FoldersOf(
        LibraryOptions library, ExportOptions exports, DataOptions data, LogFolder logs, HealthOptions options,
        IHostEnvironment environment)
    {
        var extensions = VideoExtensions.Split(library.Extensions);
        var temp = exports.TempPath is { Length: > 0 } configured ? FullPath(configured) : Path.GetTempPath();
        return
        [
            Folder(new("outputs", "Library:OutputsPath", FullPath(library.OutputsPath)), probe => probe.Readable(extensions)),
            Folder(new("temp", "Exports:TempPath", temp), probe => probe.WritableOnDisk()),
            Folder(new("data", "Data:Path", FullPath(data.Path)), probe => probe.Writable()),
            Folder(new("logs", "Logs:Path", logs.FullPath), probe => probe.Writable()),
            Folder(new("space", "Exports:TempPath", temp), probe => probe.Space(options.LowFreeBytes, options.MinimumFreeBytes)),
        ];

        string FullPath(string path) => Path.GetFullPath(path, environment.ContentRootPath);

        static Check Folder(FolderProbe probe, Func<FolderProbe, CheckResult> run) =>
            new(probe.Name, _ => Task.FromResult(run(probe)), probe.TimedOut);
    }

    private static IReadOnlyList<Check> Of(ServiceChecks services) =>
    [
        new("database", services.DatabaseAsync, services.DatabaseTimedOut),
        new("archives", services.ArchivesAsync, services.ArchivesTimedOut),
        .. services.HasEngine ? [new Check("engine", services.EngineAsync, services.EngineTimedOut)] : Array.Empty<Check>(),
        .. services.HasNodes ? [new Check("nodes", services.NodesAsync, services.NodesTimedOut)] : Array.Empty<Check>(),
    ];

    private async Task<IReadOnlyList<CheckResult>> RunAllAsync() =>
        await Task.WhenAll(folders.Concat(services).Select(check => RunAsync(check, CancellationToken.None)));

    private async Task<CheckResult> RunAsync(Check check, CancellationToken cancellationToken)
    {
        Task<CheckResult>? task;
        lock (running)
        {
            // A check that still hangs from the last round is awaited again, not started a second time.
            if (!running.TryGetValue(check.Name, out task) || task.IsCompleted)
            {
                task = Task.Run(() => check.Run(CancellationToken.None), CancellationToken.None);
                running[check.Name] = task;
            }
        }

        try
        {
            return await task.WaitAsync(timeout, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return check.TimedOut(timeout.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture));
        }
    }

    internal sealed record Check(string Name, Func<CancellationToken, Task<CheckResult>> Run, Func<string, CheckResult> TimedOut);
}
