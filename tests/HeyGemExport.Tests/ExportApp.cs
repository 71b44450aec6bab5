using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace HeyGemExport.Tests;

/// <summary>The real host over folders of its own: outputs, temp, data and logs below <see cref="Folder"/>.</summary>
public class ExportApp : WebApplicationFactory<Program>
{
    public TempFolder Folder { get; } = new();

    public Dictionary<string, string?> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string Outputs => Folder["outputs"];

    public string Temp => Folder["temp"];

    public string Data => Folder["data"];

    public string Logs => Folder["logs"];

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        Directory.CreateDirectory(Outputs);
        Directory.CreateDirectory(Temp);
        builder.UseContentRoot(Folder.FullPath);
        builder.UseSetting("Library:OutputsPath", Outputs);
        builder.UseSetting("Exports:TempPath", Temp);
        builder.UseSetting("Data:Path", Data);
        builder.UseSetting("Logs:Path", Logs);
        foreach (var (key, value) in Settings)
        {
            builder.UseSetting(key, value);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Folder.Dispose();
        }
    }
}
