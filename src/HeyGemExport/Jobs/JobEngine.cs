namespace HeyGemExport.Jobs;

/// <summary>The job engine that is built in, as people are told of it.</summary>
/// <param name="Name">As its makers write it.</param>
/// <param name="Version">Of its package.</param>
/// <param name="DashboardPath">Where its own dashboard is, from the app's root; null when it has none.</param>
internal sealed record JobEngine(string Name, string Version, string? DashboardPath);
