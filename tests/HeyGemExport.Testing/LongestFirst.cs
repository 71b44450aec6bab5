using Xunit.Abstractions;

namespace HeyGemExport.Testing;

/// <summary>Begins with what takes a minute or so one test after the other, so that at the end no core waits for it.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        "ZipReadersTests", "PostgreSQL", "PostgreSQL nodes", "Swift", "RestartTests", "LoadTests", "LockedDatabaseTests",
        "EveryPageTests", "VerifyGivingTests", "LargeBatchTests",
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections
        .OrderBy(
            collection =>
            Array.FindIndex(Long, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)) is >= 0 and var index
            ? index : Long.Length);
}
