namespace HeyGemExport.Tests.Uploads;

/// <summary>The tests that share the store run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SwiftCollection : ICollectionFixture<SwiftServer>
{
    public const string Name = "Swift";
}
