using Xunit.Abstractions;
using Xunit.Sdk;

namespace HeyGemExport.Testing;

/// <summary>A fact that uses other programs; skipped where one is missing, except with <c>CI=true</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(params string[] programs) => Skip = Programs.SkipReason(programs);
}

/// <summary>A theory that uses other programs; skipped where one is missing, except with <c>CI=true</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(params string[] programs) => Skip = Programs.SkipReason(programs);
}

/// <summary>A theory whose first argument is the program that a row uses; rows are skipped one by one.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("HeyGemExport.Testing.EachProgramDiscoverer", "HeyGemExport.Testing")]
public sealed class EachProgramTheoryAttribute : TheoryAttribute;

/// <summary>Asks for each row whether its program is there.</summary>
public sealed class EachProgramDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object[] dataRow) =>
        Programs.SkipReason((string)dataRow[0]) is { } reason
            ? CreateTestCasesForSkippedDataRow(discoveryOptions, testMethod, theoryAttribute, dataRow, reason)
            : base.CreateTestCasesForDataRow(discoveryOptions, testMethod, theoryAttribute, dataRow);
}
