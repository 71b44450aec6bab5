using System.Diagnostics;

namespace HeyGemExport.Testing;

/// <summary>Readers of ZIP that are not ours.</summary>
public static class ExternalTools
{
    /// <summary>Runs a tool and gives what it wrote; null when it is not installed, which CI does not allow for those it needs.</summary>
    public static async Task<string?> RunAsync(string workingFolder, string tool, params string[] arguments)
    {
        if (Programs.Find(tool) is null)
        {
            var required = Programs.AreRequired && tool is "unzip" or "7z" or "bsdtar" or "python3" or "ffmpeg" or "ffprobe";
            Assert.False(required, Programs.Missing(tool));
            return null;
        }

        var start = new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = workingFolder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var text = await output + await errors;
        Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}: {text}");
        return text;
    }

    /// <summary>Runs a Java program of one source file; null when no JDK is installed.</summary>
    public static async Task<string?> RunJavaAsync(string workingFolder, string source, params string[] arguments)
    {
        if (Programs.Find("javac") is null)
        {
            return null; // A runtime alone compiles nothing.
        }

        var file = Path.Combine(workingFolder, "Main.java");
        await File.WriteAllTextAsync(file, source);
        return await RunAsync(workingFolder, "java", ["-Dsun.jnu.encoding=UTF-8", "-Dfile.encoding=UTF-8", file, .. arguments]);
    }
}
