using System.Diagnostics;
using System.Globalization;
using Dapper;
using Npgsql;

namespace HeyGemExport.Testing;

/// <summary>A real PostgreSQL server of this test run's own, on 127.0.0.1 and a free port; each test has a database of its own on
/// it.</summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    private static readonly string? Programs = FindPrograms();

    private readonly int port = FreePort.Next();
    private string? folder;
    private int databases;

    /// <summary>Why tests that need it are skipped; null when they are not.</summary>
    public static string? SkipReason { get; } = Programs is null && !Testing.Programs.AreRequired
        ? Testing.Programs.Missing("initdb")
        : Environment.IsPrivilegedProcess ? Testing.Programs.SkipReason("runuser") : null;

    public async Task InitializeAsync()
    {
        // Where it is missing its tests are skipped; with CI=true they are not, and fail here.
        if (Programs is null || SkipReason is not null)
        {
            throw new InvalidOperationException(SkipReason ?? Testing.Programs.Missing("initdb"));
        }

        folder = Directory.CreateTempSubdirectory("heygem-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres", folder);
        }

        await RunProgramAsync("initdb", "-D", DataFolder, "-A", "trust", "-U", "app", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (folder is not null)
        {
            await StopAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    public Task StartAsync() => RunProgramAsync(
        "pg_ctl", "-D", DataFolder, "-w", "-s", "-l", Path.Combine(folder!, "log"), "-o",
        string.Create(
            CultureInfo.InvariantCulture,
            $"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder} -c fsync=off -c max_connections=400"), "start");

    /// <summary>Stops it as a machine that goes away: every connection is cut.</summary>
    public Task StopAsync() => RunProgramAsync("pg_ctl", "-D", DataFolder, "-w", "-s", "-m", "immediate", "stop");

    /// <summary>Has the server stand still until the result is disposed: connections stay, and nothing is answered.</summary>
    public IDisposable Freeze()
    {
        var main = int.Parse(File.ReadLines(Path.Combine(DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        int[] processes = [main, .. File.ReadAllText($"/proc/{main}/task/{main}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
        Array.ForEach(processes, Signals.Freeze);
        return new Frozen(processes);
    }

    /// <summary>Makes it refuse to write, as a server does that has become a standby.</summary>
    public async Task SetReadOnlyAsync(bool isReadOnly)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false");
        await connection.ExecuteAsync("ALTER SYSTEM SET default_transaction_read_only = " + (isReadOnly ? "on" : "off"));
        await connection.ExecuteAsync("SELECT pg_reload_conf()");
    }

    /// <summary>Makes an empty database and gives its connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref databases)}");

        // A machine that is busy with something else is no fault of the test's.
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false;Command Timeout=300");
        await connection.ExecuteAsync("CREATE DATABASE " + name);
        return ConnectionTo(name);
    }

    private sealed class Frozen(int[] processes) : IDisposable
    {
        public void Dispose() => Array.ForEach(processes, Signals.Unfreeze);
    }

    private string DataFolder => Path.Combine(folder!, "data");

    private string ConnectionTo(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=app;Database={database};Timeout=5");

    /// <summary>The server refuses to run as root.</summary>
    private static Task RunProgramAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(
            path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Its output goes nowhere: a server that inherits a pipe keeps it open for ever.
        var start =
            new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]) { UseShellExecute = false,
            WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian).OrderDescending(StringComparer.Ordinal)
            .Select(version => Path.Combine(version, "bin")) : [];
        return Path.GetDirectoryName(Testing.Programs.Find("initdb", versions));
    }
}
