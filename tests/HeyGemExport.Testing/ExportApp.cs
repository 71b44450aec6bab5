using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Data;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Testing;

/// <summary>The real host on a real port over folders of its own: outputs, temp, data and logs below <see cref="Folder"/>.</summary>
public class ExportApp : WebApplicationFactory<Program>
{
    private readonly bool ownsFolder;

    public ExportApp()
        : this(new TempFolder(), ownsFolder: true)
    {
    }

    /// <summary>A host over folders that another host has used, or will use.</summary>
    public ExportApp(TempFolder folder)
        : this(folder, ownsFolder: false)
    {
    }

    private protected ExportApp(TempFolder folder, bool ownsFolder)
    {
        (Folder, this.ownsFolder) = (folder, ownsFolder);
        Directory.CreateDirectory(Outputs);
        UseKestrel();
    }

    public TempFolder Folder { get; }

    public Dictionary<string, string?> Settings { get; } = new(
        StringComparer.OrdinalIgnoreCase) { ["Library:SettleSeconds"] = "0", ["urls"] = "http://127.0.0.1:0" };

    public TimeProvider? Time { get; init; }

    /// <summary>How often passwords are hashed; null for as often as shipped, a tenth of a second of processor time.</summary>
    public int? HashIterations { get; init; } = 1000;

    public string Outputs => Folder["outputs"];

    public string Temp => Folder["temp"];

    public string Data => Folder["data"];

    public string Logs => Folder["logs"];

    public string RunLog => Path.Combine(Logs, "运行实时日志.log");

    /// <summary>Archives and partial archives in the temp directory.</summary>
    public string[] TempFiles => Directory.Exists(Temp) ? Directory.GetFiles(Temp, "*.zip*", SearchOption.AllDirectories) : [];

    /// <summary>Writes a complete video, settled long ago.</summary>
    public byte[] AddVideo(string path, int length = 64 * 1024, int seed = 1)
    {
        var clip = Clips.Mp4(length, seed);
        Folder.Write(Path.Combine("outputs", path), clip, new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc));
        return clip;
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Lets another host have the data folder, as if this one had ended.</summary>
    public void LeaveData() => Get<DataFolderLock>().Dispose();

    /// <summary>Asks for an export and returns what the API answered.</summary>
    public async Task<HttpResponseMessage> PostExportAsync(HttpClient client, object selection, object? options = null) =>
        await client.PostAsJsonAsync("/api/v1/exports", new { selection, options });

    /// <summary>Asks for an export and waits until it has ended.</summary>
    public async Task<JsonElement> ExportAsync(HttpClient client, object selection, object? options = null)
    {
        var response = await PostExportAsync(client, selection, options);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await EndOfAsync(client, await response.IdAsync());
    }

    /// <summary>Follows the export's events until it has ended.</summary>
    public static Task<JsonElement> EndOfAsync(HttpClient client, string id) => client.LastEventAsync($"/api/v1/exports/{id}/events");

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(Folder.FullPath);
        builder.UseSetting("Library:OutputsPath", Outputs);
        builder.UseSetting("Exports:TempPath", Temp);
        builder.UseSetting("Data:Path", Data);
        builder.UseSetting("Logs:Path", Logs);

        // The tests of a run share two cores, and their databases answer late.
        builder.UseSetting("Data:PatienceSeconds", "30");
        foreach (var (key, value) in Settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services =>
        {
            if (Time is { } time)
            {
                services.AddSingleton(time);
            }

            if (HashIterations is { } iterations)
            {
                services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = iterations);
            }
        });
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await base.DisposeAsync();
        }
        catch (OperationCanceledException)
        {
            // The engine was waiting for a database that a test had taken away, and the stop did not wait for it any longer.
        }

        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && ownsFolder)
        {
            Folder.Dispose();
        }
    }
}
