namespace HeyGemExport.Tests.Data;

/// <summary>The tests that share the server run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PostgreSqlCollection : ICollectionFixture<PostgreSqlServer>
{
    public const string Name = "PostgreSQL";
}

/// <summary>Tests of several nodes, over a server of their own: they take their time, and have it stand still.</summary>
[CollectionDefinition(Name)]
public sealed class NodesCollection : ICollectionFixture<PostgreSqlServer>
{
    public const string Name = "PostgreSQL nodes";
}
