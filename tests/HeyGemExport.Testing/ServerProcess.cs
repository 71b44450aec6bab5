using System.Diagnostics;
using System.Globalization;

namespace HeyGemExport.Testing;

/// <summary>The app as a process of its own, which can be killed.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process process;
    private readonly Task<string> output;

    private ServerProcess(Process process, Task<string> output, string url)
    {
        this.output = output;
        this.process = process;
        Client = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(5) };
    }

    public HttpClient Client { get; }

    public int Id => process.Id;

    /// <summary>The most memory that the process has had at once.</summary>
    public long PeakMegabytes => Status("VmHWM");

    /// <summary>The memory that the process has now.</summary>
    public long Megabytes => Status("VmRSS");

    /// <summary>The files, sockets and pipes that the process has open.</summary>
    public IEnumerable<string> OpenFiles =>
        Directory.GetFiles($"/proc/{process.Id}/fd").Select(file => new FileInfo(file).LinkTarget ?? "");

    /// <summary>Starts the app over the folders that an <see cref="ExportApp"/> would use, and waits until it listens.</summary>
    public static Task<ServerProcess> StartAsync(TempFolder folder, params string[] settings) => StartByAsync([], folder, settings);

    /// <summary>The same by way of a command that ends in running its arguments in its own place, such as one that gives up
    /// rights.</summary>
    public static async Task<ServerProcess> StartByAsync(string[] command, TempFolder folder, params string[] settings)
    {
        var started = Process.Start(StartInfo(command, folder, settings))!;
        while (await started.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                // Read on, or the pipe fills up and the app stands still.
                return new ServerProcess(started, started.StandardOutput.ReadToEndAsync(), line[(at + Listening.Length)..].Trim());
            }
        }

        throw new InvalidOperationException("The app ended before it listened; see its run log.");
    }

    /// <summary>Starts the app where it is expected to refuse, and waits for its end.</summary>
    public static async Task<(int ExitCode, string Errors)> FailToStartAsync(TempFolder folder, params string[] settings)
    {
        var start = StartInfo([], folder, settings);
        start.RedirectStandardError = true;
        using var refusing = Process.Start(start)!;
        var written = refusing.StandardOutput.ReadToEndAsync();
        var errors = await refusing.StandardError.ReadToEndAsync();
        await written;
        await refusing.WaitForExitAsync();
        return (refusing.ExitCode, errors);
    }

    /// <summary>Has the process stand still until the result is disposed.</summary>
    public IDisposable Freeze()
    {
        Signals.Freeze(process.Id);
        return new Frozen(process.Id);
    }

    /// <summary>Ends the process as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Ends the process as a service manager or a container engine does, with SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        process.Terminate();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!process.HasExited)
        {
            await KillAsync();
        }

        await output;
        process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string[] command, TempFolder folder, string[] settings)
    {
        Directory.CreateDirectory(folder["outputs"]);
        string[] program = [.. command, "dotnet"];
        var start = new ProcessStartInfo(program[0], program[1..])
        {
            WorkingDirectory = folder.FullPath,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        string[] arguments =
        [
            AppPath(), "--urls=http://127.0.0.1:0", $"--contentRoot={folder.FullPath}",
            $"--Library:OutputsPath={folder["outputs"]}", $"--Exports:TempPath={folder["temp"]}",
            $"--Data:Path={folder["data"]}", $"--Logs:Path={folder["logs"]}", "--Library:SettleSeconds=0", .. settings.Select(
                setting => "--" + setting),
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private sealed class Frozen(int process) : IDisposable
    {
        public void Dispose() => Signals.Unfreeze(process);
    }

    private long Status(string field)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(field + ':', StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length + 1).Trim(" \tkB"), CultureInfo.InvariantCulture) / 1024;
    }

    private static string AppPath()
    {
        // …/tests/HeyGemExport.Tests/bin/<configuration>/<framework>/
        var bin = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var repository = bin.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(repository.FullName, "src", "HeyGemExport", "bin", bin.Parent.Name, bin.Name, "HeyGemExport.dll");
    }
}
