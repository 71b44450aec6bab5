using System.Diagnostics;
using System.Text;

namespace HeyGemExport.Tests.Cli;

/// <summary>The app as a person starts it in a shell, over the folders that an <see cref="ExportApp"/> would use.</summary>
internal static class ShellProcess
{
    /// <summary>Starts it.</summary>
    /// <param name="folder">Where outputs, temp, data and logs are.</param>
    /// <param name="environment">Variables beside those of the folders.</param>
    /// <param name="arguments">The command line.</param>
    public static Process Start(TempFolder folder, IEnumerable<(string Key, string Value)> environment, string[] arguments)
    {
        // Tests that run in the background inherit that an interrupt is ignored; a person's shell does not ignore it.
        string[] shell = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(shell[0], [.. shell[1..], typeof(Program).Assembly.Location, .. arguments])
        {
            WorkingDirectory = folder.FullPath,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        (string Key, string Value)[] folders =
        [
            ("Library__OutputsPath", folder["outputs"]), ("Exports__TempPath", folder["temp"]), ("Data__Path", folder["data"]),
            ("Logs__Path", folder["logs"]),
        ];
        foreach (var (key, value) in folders.Concat(environment))
        {
            start.Environment[key] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    /// <inheritdoc cref="Start"/>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(
        TempFolder folder, IEnumerable<(string Key, string Value)> environment, string[] arguments)
    {
        using var process = Start(folder, environment, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
