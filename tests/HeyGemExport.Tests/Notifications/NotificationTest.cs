using HeyGemExport.Notifications;

namespace HeyGemExport.Tests.Notifications;

/// <summary>A host with one target, over real HTTP; the clock stands still until a test moves it.</summary>
public abstract class NotificationTest : IAsyncLifetime
{
    protected const string Secret = "SEC密钥-0123456789";

    private readonly TempFolder folder = new();
    private readonly List<ExportApp> apps = [];

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    private protected Receiver Receiver { get; private set; } = null!;

    public async Task InitializeAsync() => Receiver = await Receiver.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }

        await Receiver.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>What the job engine does when an export has ended, and now and then.</summary>
    internal static async Task TurnAsync(ExportApp app)
    {
        await app.Get<NotificationOutbox>().CollectAsync(default);
        foreach (var due in await app.Get<NotificationStore>().DueAsync(100, default))
        {
            await app.Get<NotificationSender>().RunAsync(due.Id, default);
        }
    }

    /// <summary>Starts a host over the same folders with a target called ops of that kind; without one when it is null.</summary>
    protected async Task<(HeldApp App, HttpClient Client)> StartAsync(
        string? kind, string path = "/hook", string secret = Secret, params (string Key, string Value)[] settings)
    {
        var app = Configured(new HeldApp(folder) { Time = Time }, kind, path, secret, settings);
        var client = app.CreateClient();

        // The first turn notes that the target is new.
        await app.Get<NotificationOutbox>().CollectAsync(default);
        return (app, client);
    }

    /// <summary>A host over the same folders that sends by itself.</summary>
    protected ExportApp StartEngine(string kind)
    {
        var app = Configured(new ExportApp(folder) { Time = Time }, kind, "/hook", Secret, []);
        app.StartServer();
        return app;
    }

    private T Configured<T>(T app, string? kind, string path, string secret, (string Key, string Value)[] settings)
        where T : ExportApp
    {
        apps.Add(app);
        app.Settings["Http:PublicUrl"] = "https://videos.example.com";
        app.AddVideo("a.mp4", 100_000);
        if (kind is null)
        {
            return app;
        }

        const string Target = "Notifications:Targets:ops:";
        app.Settings[Target + "Kind"] = kind;
        app.Settings[Target + "Url"] =
            (settings.Contains(("AllowPrivateAddresses", "false"))
                ? Receiver.Address.Replace("http:", "https:", StringComparison.Ordinal) : Receiver.Address) + path;
        app.Settings[Target + "Secret"] = secret;
        app.Settings["Notifications:AllowPrivateAddresses"] = "true";
        foreach (var (key, value) in settings)
        {
            app.Settings[(key is "MaxAttempts" or "TimeoutSeconds" ? "Notifications:" : Target) + key] = value;
        }

        return app;
    }
}
