namespace HeyGemExport.Tests.Library;

/// <summary>A fact about what Linux tells; elsewhere there is no such test.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Only Linux tells.";
}
