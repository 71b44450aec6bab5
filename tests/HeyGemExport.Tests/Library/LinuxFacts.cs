namespace HeyGemExport.Tests.Library;

/// <summary>A fact about what Linux tells; elsewhere there is no such test.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = LinuxOnly.Reason;
}

/// <summary>The same for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = LinuxOnly.Reason;
}

internal static class LinuxOnly
{
    public static string? Reason => OperatingSystem.IsLinux() ? null : "Only Linux tells.";
}
