namespace HeyGemExport.FileSystem;

/// <summary>Tells one run of the machine from the next, also for processes that are younger.</summary>
internal static class BootId
{
    private const string Source = "/proc/sys/kernel/random/boot_id";

    /// <summary>Null where the system has none (man 5 proc_sys_kernel: Linux only).</summary>
    public static string? Current { get; } = OperatingSystem.IsLinux() && File.Exists(Source) ? File.ReadAllText(Source).Trim() : null;
}
