using System.Diagnostics;
using System.Globalization;

namespace HeyGemExport.Bench;

/// <summary>What a process took.</summary>
/// <param name="Elapsed">From start to end.</param>
/// <param name="PeakBytes">Most memory that it had resident at one time; null where the system does not tell.</param>
internal readonly record struct Cost(TimeSpan Elapsed, long? PeakBytes);

/// <summary>Other programs, run and measured.</summary>
internal static class Child
{
    private const string GnuTime = "/usr/bin/time";

    public static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task RunToEndAsync(string program, string[] arguments, CancellationToken cancellationToken, string? workingFolder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = workingFolder ?? "",
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
        }
    }

    /// <summary>Runs a program from start to end; GNU time tells its peak memory where there is one.</summary>
    public static async Task<Cost> MeasureAsync(string workingFolder, string program, string[] arguments, CancellationToken cancellationToken)
    {
        var report = Path.Combine(workingFolder, "peak.txt");
        var withPeak = File.Exists(GnuTime);
        var begin = Stopwatch.GetTimestamp();
        if (withPeak)
        {
            await RunToEndAsync(GnuTime, ["-f", "%M", "-o", report, program, .. arguments], cancellationToken, workingFolder);
        }
        else
        {
            await RunToEndAsync(program, arguments, cancellationToken, workingFolder);
        }

        var elapsed = Stopwatch.GetElapsedTime(begin);
        return new Cost(elapsed, withPeak ? long.Parse(await File.ReadAllTextAsync(report, cancellationToken), CultureInfo.InvariantCulture) * 1024 : null);
    }
}
