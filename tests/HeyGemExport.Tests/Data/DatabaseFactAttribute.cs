using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace HeyGemExport.Tests.Data;

/// <summary>A fact of a suite that runs on each engine: where PostgreSQL is not installed, those of its class are skipped, except with
/// <c>CI=true</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("HeyGemExport.Tests.Data.DatabaseFactDiscoverer", "HeyGemExport.Tests")]
public sealed class DatabaseFactAttribute : FactAttribute;

/// <summary>Asks each class of the suite whether its engine is there.</summary>
public sealed class DatabaseFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new DatabaseTestCase(
            DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

/// <summary>One test on one engine.</summary>
public sealed class DatabaseTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For the runner, which fills it in.")]
    public DatabaseTestCase()
    {
    }

    public DatabaseTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions displayOptions, ITestMethod method)
        : base(sink, display, displayOptions, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        (TestMethod.TestClass.TestCollection.DisplayName is PostgreSqlCollection.Name or NodesCollection.Name
            ? PostgreSqlServer.SkipReason : null)
            ?? base.GetSkipReason(factAttribute);
}
