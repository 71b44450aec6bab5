using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HeyGemExport.Testing;

/// <summary>What a shell or a service manager sends to a process (signal(7)).</summary>
internal static partial class Signals
{
    public static void Interrupt(this Process process) => Send(process, 2);

    public static void Terminate(this Process process) => Send(process, 15);

    /// <summary>Has a process stand still, as a machine that swaps, or a virtual one that is moved.</summary>
    public static void Freeze(int process) => Assert.Equal(0, Kill(process, 19));

    public static void Unfreeze(int process) => Assert.Equal(0, Kill(process, 18));

    private static void Send(Process process, int signal) => Assert.Equal(0, Kill(process.Id, signal));

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
