using HeyGemExport.FileSystem;
using Serilog.Core;
using Serilog.Events;

namespace HeyGemExport.Telemetry;

/// <summary>The run log <c>运行实时日志.log</c>: its newest file keeps that name, for <c>tail -F</c>, which <c>Serilog.Sinks.File</c> cannot do.
/// While its folder cannot be written the console says so once, and the latest lines are kept in memory.</summary>
internal sealed class RunLogSink : ILogEventSink
{
    /// <summary>The name of the newest file; older ones are <c>运行实时日志.1.log</c> and so on.</summary>
    public const string FileName = "运行实时日志.log";

    private readonly RunLogFormatter formatter = new();
    private readonly TextWriter console;
    private readonly Lazy<RollingTextFile> file;

    /// <param name="folder">Resolved with the first line, so that wrong settings are reported together and not by the logger.</param>
    public RunLogSink(Func<LogFolder> folder, TextWriter console)
    {
        this.console = console;
        file = new(() => folder().Open(FileName, Announce));
    }

    public void Emit(LogEvent logEvent) => file.Value.WriteLine(formatter.Format(logEvent));

    // The logger cannot report on itself, so these two lines go straight to the console.
    private void Announce(Exception? fault) => console.WriteLine(fault is null
        ? $"[INFO] 运行日志恢复写入 / run log is written again: {file.Value.FullPath}"
        : $"[ERROR] 运行日志无法写入 / run log cannot be written: {file.Value.FullPath}: {fault.Message}");
}
