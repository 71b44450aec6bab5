using System.Net.Http.Json;
using System.Text.Json;

namespace HeyGemExport.Tests.Uploads;

/// <summary>A host with a destination in a real store.</summary>
public abstract class UploadTest(SwiftServer server) : IAsyncLifetime
{
    protected const int Part = 5 << 20;

    private ExportApp? app;

    protected SwiftServer Server => server;

    protected TempFolder Folder { get; } = new();

    protected TestBucket Bucket { get; private set; } = null!;

    protected StoreProxy Proxy { get; private set; } = null!;

    protected ExportApp App => app ??= Configured(new ExportApp(Folder));

    public async Task InitializeAsync()
    {
        Bucket = await TestBucket.CreateAsync(server);
        Proxy = await StoreProxy.StartAsync(server);
    }

    public async Task DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        await Proxy.DisposeAsync();
        Bucket.Dispose();
        Folder.Dispose();
    }

    /// <summary>The settings of a destination called <c>store</c>.</summary>
    protected Dictionary<string, string?> Settings() => new(StringComparer.OrdinalIgnoreCase)
    {
        ["Delivery:Destinations:store:Endpoint"] = Proxy.Endpoint,
        ["Delivery:Destinations:store:Bucket"] = Bucket.Name,
        ["Delivery:Destinations:store:Prefix"] = "results",
        ["Delivery:Destinations:store:ForcePathStyle"] = "true",
        ["Delivery:Destinations:store:AccessKeyId"] = SwiftServer.AccessKey,
        ["Delivery:Destinations:store:SecretAccessKey"] = SwiftServer.Secret,
        ["Delivery:Destinations:store:PartBytes"] = "5242880",
        ["Delivery:GiveUpAfterSeconds"] = "60",
    };

    protected ExportApp Configured(ExportApp host, params (string Key, string? Value)[] more)
    {
        foreach (var (key, value) in Settings())
        {
            host.Settings[key] = value;
        }

        foreach (var (key, value) in more)
        {
            host.Settings[key] = value;
        }

        return app = host;
    }

    protected static async Task<string> DeliverAsync(HttpClient client, string exportId, object choice)
    {
        var response = await client.PostAsJsonAsync($"/api/v1/exports/{exportId}/deliveries", choice);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.IdAsync();
    }

    /// <summary>Follows a delivery's events until it has ended.</summary>
    protected static Task<JsonElement> EndOfAsync(HttpClient client, string id) => client.LastEventAsync($"/api/v1/deliveries/{id}/events");

    protected static async Task<JsonElement> FindAsync(HttpClient client, string id) =>
        await client.GetFromJsonAsync<JsonElement>($"/api/v1/deliveries/{id}");

    protected static void AssertReady(JsonElement delivery) => Assert.True(delivery.State() is "ready", delivery.ToString());
}
