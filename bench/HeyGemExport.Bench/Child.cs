using System.Diagnostics;
using System.Globalization;

namespace HeyGemExport.Bench;

/// <summary>Other programs, run and measured.</summary>
internal static class Child
{
    private const string GnuTime = "/usr/bin/time";

    public static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task RunToEndAsync(
        string program, string[] arguments, CancellationToken cancellationToken, string? workingFolder = null)
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

    /// <summary>Runs a program from start to end; GNU time tells its processor time and peak memory where there is one.</summary>
    /// <param name="target">The file or folder that it makes.</param>
    public static async Task<Cost> MeasureAsync(
        string workFolder, string program, string[] arguments, string target, CancellationToken cancellationToken)
    {
        var report = Path.Combine(workFolder, "time.txt");
        var withTime = File.Exists(GnuTime);
        var begin = Stopwatch.GetTimestamp();
        await (withTime
            ? RunToEndAsync(GnuTime, ["-f", "%U %S %M", "-o", report, program, .. arguments], cancellationToken, workFolder)
            : RunToEndAsync(program, arguments, cancellationToken, workFolder));
        var elapsed = Stopwatch.GetElapsedTime(begin);

        var bytes = File.Exists(target) ? new FileInfo(target).Length : Clips.Bytes(target);
        if (!withTime)
        {
            return new Cost(elapsed, Processor: null, PeakBytes: null, bytes);
        }

        var figures = (await File.ReadAllTextAsync(report, cancellationToken)).Split(' ');
        var processor = TimeSpan.FromSeconds(figures[..2].Sum(part => double.Parse(part, CultureInfo.InvariantCulture)));
        return new Cost(elapsed, processor, long.Parse(figures[2], CultureInfo.InvariantCulture) * 1024, bytes);
    }
}
