namespace HeyGemExport.Tests.Data;

/// <summary>Hosts, one after the other or at once, over the same folders and the same database, whichever engine holds it.</summary>
public abstract class DatabaseTest : IAsyncLifetime
{
    private readonly List<ExportApp> apps = [];

    protected TempFolder Folder { get; } = new();

    /// <summary>Of this test's database; empty for SQLite.</summary>
    protected string Connection { get; private set; } = "";

    public async Task InitializeAsync() => Connection = await NewDatabaseAsync();

    public async Task DisposeAsync()
    {
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }

        Folder.Dispose();
    }

    /// <summary>An empty database's connection string; empty for the default.</summary>
    protected abstract Task<string> NewDatabaseAsync();

    /// <summary>Gives a host this test's database.</summary>
    protected T Connect<T>(T app)
        where T : ExportApp
    {
        app.Settings["ConnectionStrings:Database"] = Connection;
        apps.Add(app);
        return app;
    }

    /// <summary>Starts a host over this test's database.</summary>
    protected T Start<T>(T app)
        where T : ExportApp
    {
        _ = Connect(app).Services;
        return app;
    }

    protected async Task StopAsync(ExportApp app)
    {
        apps.Remove(app);
        await app.DisposeAsync();
    }
}
