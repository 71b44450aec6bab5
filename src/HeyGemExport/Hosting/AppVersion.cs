using System.Reflection;

namespace HeyGemExport.Hosting;

/// <summary>The versions that pages, health, metrics and ops show.</summary>
internal static class AppVersion
{
    /// <summary>The app's own, for example <c>0.1.0</c>.</summary>
    public static string Current { get; } = Of(typeof(AppVersion).Assembly);

    /// <summary>An assembly's version as its makers call it, without the revision that a build appends after <c>+</c>.</summary>
    public static string Of(Assembly assembly)
    {
        return assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
    }
}
