using System.Diagnostics;

namespace HeyGemExport.Bench;

/// <summary>Processes that keep the processors busy, as an engine that renders does, at the same priority.</summary>
internal sealed class Load : IDisposable
{
    private readonly List<Process> processes = [];

    public static Load Start(int count, string self)
    {
        var load = new Load();
        for (var number = 0; number < count; number++)
        {
            var start = new ProcessStartInfo(self, ["spin"]) { UseShellExecute = false, RedirectStandardInput = true };
            load.processes.Add(Process.Start(start)!);
        }

        return load;
    }

    /// <summary>Keeps one processor busy until the standard input ends, which it also does when the parent process is killed.</summary>
    public static void Spin()
    {
        new Thread(() =>
        {
            while (true)
            {
                Thread.SpinWait(1000);
            }
        })
        { IsBackground = true }.Start();
        while (Console.In.Read() >= 0)
        {
            // Nothing is ever written to it.
        }
    }

    public void Dispose()
    {
        foreach (var process in processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
