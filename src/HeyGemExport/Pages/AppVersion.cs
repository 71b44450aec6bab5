using System.Reflection;

namespace HeyGemExport.Pages;

/// <summary>The version that the footer shows.</summary>
public static class AppVersion
{
    /// <summary>For example <c>0.1.0</c>, without the revision that the build appends after <c>+</c>.</summary>
    public static string Current { get; } =
        typeof(AppVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
