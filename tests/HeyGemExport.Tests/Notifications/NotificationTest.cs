using HeyGemExport.Notifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HeyGemExport.Tests.Notifications;

/// <summary>A host with one target, over real HTTP; the clock stands still until a test moves it.</summary>
public abstract class NotificationTest : IAsyncLifetime
{
    protected const string Secret = "SEC密钥-0123456789";

    private readonly TempFolder folder = new();
    private readonly List<HeldApp> apps = [];

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

    /// <summary>One turn, as the worker makes it every few seconds.</summary>
    protected static async Task TurnAsync(HeldApp app)
    {
        await app.Get<NotificationOutbox>().CollectAsync(default);
        await app.Get<NotificationSender>().SendDueAsync(default);
    }

    /// <summary>Starts a host over the same folders with a target called ops of that kind; without one when it is null.</summary>
    protected async Task<(HeldApp App, HttpClient Client)> StartAsync(string? kind, string path = "/hook", string secret = Secret, bool turnsByHand = true, params (string Key, string Value)[] settings)
    {
        var app = new HeldApp(folder) { Time = Time };
        apps.Add(app);
        app.Settings["Http:PublicUrl"] = "https://videos.example.com";
        if (kind is not null)
        {
            const string Target = "Notifications:Targets:ops:";
            app.Settings[Target + "Kind"] = kind;
            app.Settings[Target + "Url"] = (settings.Contains(("AllowPrivateAddresses", "false")) ? Receiver.Address.Replace("http:", "https:", StringComparison.Ordinal) : Receiver.Address) + path;
            app.Settings[Target + "Secret"] = secret;
            app.Settings["Notifications:AllowPrivateAddresses"] = "true";
            foreach (var (key, value) in settings)
            {
                app.Settings[(key is "MaxAttempts" or "TimeoutSeconds" ? "Notifications:" : Target) + key] = value;
            }
        }

        app.AddVideo("a.mp4", 100_000);
        var client = app.CreateClient();
        if (turnsByHand)
        {
            var worker = app.Services.GetServices<IHostedService>().OfType<NotificationWorker>().Single();
            await worker.StopAsync(default);

            // The first turn notes that the target is new.
            await app.Get<NotificationOutbox>().CollectAsync(default);
        }

        return (app, client);
    }
}
