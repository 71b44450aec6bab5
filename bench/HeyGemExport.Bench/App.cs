namespace HeyGemExport.Bench;

/// <summary>The app over HTTP, as a pipeline uses it. Each run is a server of its own.</summary>
/// <param name="WorkFolder">Where its folders are, anew for each run that begins without known fingerprints.</param>
internal sealed record App(string WorkFolder, string Source)
{
    private const string Row = "HeyGem Export: HTTP to ready, fingerprints ";

    private string Folder => Path.Combine(WorkFolder, "app");

    /// <summary>With an empty database: the app knows nothing of the clips.</summary>
    public async Task<IReadOnlyList<Measurement>> RunUnknownAsync(CancellationToken cancellationToken)
    {
        Delete();
        await using var server = await AppServer.StartAsync(Source, Folder, cancellationToken);
        return await server.MeasureAsync(Row + "unknown", cancellationToken);
    }

    /// <summary>With the database of the run before, in which all clips were packed once.</summary>
    /// <returns>Nothing when this version of the app keeps no fingerprints.</returns>
    public async Task<IReadOnlyList<Measurement>> RunKnownAsync(CancellationToken cancellationToken)
    {
        await using var server = await AppServer.StartAsync(Source, Folder, cancellationToken);
        return await server.FingerprintsAreKnownAsync(cancellationToken)
            ? await server.MeasureAsync(Row + "known", cancellationToken)
            : [];
    }

    public Task<AppServer> StartAsync(CancellationToken cancellationToken) => AppServer.StartAsync(Source, Folder, cancellationToken);

    public string ArchiveFolder => AppServer.TempFolder(Folder);

    public void Delete()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
