using System.Reflection;

namespace HeyGemExport.Hosting;

internal static class AppVersion
{
    public static string Current { get; } = Of(typeof(AppVersion).Assembly);

    /// <summary>Without the revision that a build appends after <c>+</c>.</summary>
    public static string Of(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
