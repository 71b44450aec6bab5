using HeyGemExport.Tests.Health;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace HeyGemExport.Tests;

/// <summary>A fact about a disk of its own, which only who may mount can have: for everybody else, CI in a container among them, there is no such test.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("HeyGemExport.Tests.MountFactDiscoverer", "HeyGemExport.Tests")]
public sealed class MountFactAttribute : FactAttribute;

/// <summary>Tries once whether mounting is allowed.</summary>
public sealed class MountFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    private static readonly bool MayMount = Try();

    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        MayMount ? base.Discover(discoveryOptions, testMethod, factAttribute) : [];

    private static bool Try()
    {
        using var folder = new TempFolder();
        using var disk = MountedFolder.TryMount(folder["disk"], "size=16k");
        return disk is not null;
    }
}
