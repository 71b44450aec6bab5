using Xunit.Abstractions;
using Xunit.Sdk;

namespace HeyGemExport.Testing;

/// <summary>A fact that exists only where an environment variable asks for it: too long, or of no use, in every run.
/// It is not found otherwise, rather than skipped, because CI skips nothing.</summary>
[XunitTestCaseDiscoverer("HeyGemExport.Testing.OnDemandFactDiscoverer", "HeyGemExport.Testing")]
public sealed class OnDemandFactAttribute(string variable) : FactAttribute
{
    public string Variable { get; } = variable;
}

/// <summary>Finds a fact when its variable has a value.</summary>
public sealed class OnDemandFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var variable = (string)factAttribute.GetConstructorArguments().First();
        return string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable))
            ? [] : base.Discover(discoveryOptions, testMethod, factAttribute);
    }
}
