using Xunit.Abstractions;
using Xunit.Sdk;

namespace HeyGemExport.Testing;

/// <summary>A fact about a disk of its own, for which one has to be allowed to mount. Containers often are not: with <c>CI=true</c>
/// there is no such test there, rather than a skipped one.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("HeyGemExport.Testing.RightsFactDiscoverer", "HeyGemExport.Testing")]
public sealed class MountFactAttribute : FactAttribute
{
    private static readonly string? Reason = Try();

    public MountFactAttribute() => Skip = Reason;

    private static string? Try()
    {
        using var folder = new TempFolder();
        using var disk = MountedFolder.TryMount(folder["disk"], "size=16k");
        return disk is null ? "Mounting is not allowed here; as root on a machine of its own it is" : null;
    }
}

/// <summary>A fact that runs the app as somebody else, which only root can. As for <see cref="MountFactAttribute"/>, with <c>CI=true</c>
/// there is no such test for others.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("HeyGemExport.Testing.RightsFactDiscoverer", "HeyGemExport.Testing")]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
        ? Programs.SkipReason("setpriv")
        : "Only root can run the app as somebody else";
}

/// <summary>Finds no fact that has to be skipped where nothing may be skipped.</summary>
public sealed class RightsFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var skipped = factAttribute.GetNamedArgument<string>(nameof(FactAttribute.Skip)) is not null;
        return skipped && Programs.AreRequired ? [] : base.Discover(discoveryOptions, testMethod, factAttribute);
    }
}
