namespace HeyGemExport.Tests.Architecture;

[CollectionDefinition(Allocated.Alone, DisableParallelization = true)]
public sealed class AloneCollection;
