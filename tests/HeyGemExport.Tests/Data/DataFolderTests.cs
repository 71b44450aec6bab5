using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using HeyGemExport.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Tests.Data;

/// <summary>What happens while the data folder cannot be used, and that nobody is needed to restart the service afterwards.</summary>
public sealed class DataFolderTests : IDisposable
{
    private readonly ExportApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_reported_and_works_once_it_is_repaired()
    {
        BlockDataFolder();
        var database = app.Get<Database>();

        var fault = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.OpenAsync(default));
        UnblockDataFolder();
        await using var connection = await database.OpenAsync(default);

        Assert.IsAssignableFrom<IOException>(fault.InnerException);
        Assert.True(File.Exists(Path.Combine(app.Data, "heygem-export.db")));
    }

    [Fact]
    public async Task Meanwhile_the_api_says_so_and_the_library_is_shown()
    {
        BlockDataFolder();
        app.AddVideo("课程.mp4");
        using var client = app.CreateClient();

        foreach (
            var answer in new[] { await client.GetAsync("/api/v1/exports"), await client.GetAsync("/api/v1/audit"),
            await client.GetAsync("/audit.csv"), await app.PostExportAsync(client, new { all = true }) })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("database-unavailable", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        var page = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("课程", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        UnblockDataFolder();
        Assert.Equal("ready", (await app.ExportAsync(client, new { all = true })).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_form_that_was_opened_before_a_restart_can_be_sent_after_it()
    {
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        var form = new HtmlParser().ParseDocument(
            await client.GetStringAsync("/")).QuerySelector("input[name=antiforgery]")!.GetAttribute("value")!;
        var secret = app.Get<IDataProtectionProvider>().CreateProtector("test").Protect("kept");

        app.LeaveData();
        await using var next = new ExportApp(app.Folder);

        Assert.NotEmpty(form);
        Assert.Equal("kept", next.Get<IDataProtectionProvider>().CreateProtector("test").Unprotect(secret));
    }

    [Fact]
    public void Keys_live_in_memory_while_the_folder_cannot_be_written()
    {
        BlockDataFolder();
        var keys = app.Get<KeyRepository>();

        keys.StoreElement(new XElement("key", "first"), "first");
        UnblockDataFolder();
        keys.StoreElement(new XElement("key", "second"), "second");

        Assert.Superset(
            new HashSet<string>(["first", "second"], StringComparer.Ordinal),
            keys.GetAllElements().Select(element => element.Value).ToHashSet(StringComparer.Ordinal));
        Assert.Contains(Directory.GetFiles(Path.Combine(app.Data, "keys")), file => Path.GetFileName(file) == "second.xml");
    }

    [Theory]
    [InlineData("Data:Path", " ", "Data:Path")]
    [InlineData("ConnectionStrings:Database", "no connection string", "ConnectionStrings:Database")]
    [InlineData("ConnectionStrings:Database", "Database=heygem", "ConnectionStrings:Database")]
    [InlineData("ConnectionStrings:Database", "Host=db;Prot=5432", "ConnectionStrings:Database")]
    public void A_setting_that_cannot_work_is_named_at_start(string key, string value, string named)
    {
        app.Settings[key] = value;
        app.Settings["Exports:Workers"] = "0";

        var fault = Assert.Throws<OptionsValidationException>(() => app.Services);

        Assert.Contains(fault.Failures, failure => failure.StartsWith(named + " ", StringComparison.Ordinal));
        Assert.Contains(fault.Failures, failure => failure.StartsWith("Exports:Workers ", StringComparison.Ordinal));
    }

    /// <summary>A file where a folder should be stops root, too.</summary>
    private void BlockDataFolder() => File.WriteAllText(app.Data, "");

    private void UnblockDataFolder() => File.Delete(app.Data);
}
