using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Archives;

namespace HeyGemExport.BrowserTests;

/// <summary>Every page in every state, over an engine that waits: what holds for all pages is tried on all of them.</summary>
public sealed class EveryPage
{
    private readonly HeldApp app;
    private readonly Dictionary<string, string> addresses = new(StringComparer.Ordinal)
    {
        ["library"] = "/",
        ["search without a hit"] = "/?q=nothing-is-called-so",
        ["list"] = "/exports",
        ["audit"] = "/audit",
        ["verify"] = "/verify",
        ["not found"] = "/nothing-is-here",
        ["server error"] = "/error/500",
        ["ops"] = "/ops",
        ["notifications"] = "/ops/notifications",
        ["unknown share link"] = "/s/nothing-is-here",
    };

    private EveryPage(HeldApp app) => this.app = app;

    /// <summary>Needs at least seven videos, of which it deletes one.</summary>
    public static async Task<EveryPage> PrepareAsync(HeldApp app, IReadOnlyList<string> videos)
    {
        var pages = new EveryPage(app);
        using var client = app.CreateClient();
        await pages.AddAsync("queued", client, videos[0]);
        await app.Get<ExportTransitions>().ClaimAsync(await pages.AddAsync("building", client, videos[1]), CancellationToken.None);
        await pages.VerifyAsync(await pages.AddAsync("verifying", client, videos[2]));
        var ready = await pages.AddAsync("ready", client, videos[3]);
        await app.RunAsync(ready);
        await pages.ShareAsync("shared", client, ready, new { maxDownloads = 3 });
        await pages.ShareAsync("shared with a password", client, ready, new { password = "open sesame" });
        await app.Get<ExportService>().CancelAsync(await pages.AddAsync("cancelled", client, videos[4]), Accounts.Caller.System, CancellationToken.None);
        var failed = await pages.AddAsync("failed", client, videos[5]);
        File.Delete(Path.Combine(app.Outputs, videos[5]));
        await app.RunAsync(failed);
        pages.addresses["watch"] = "/watch/" + string.Join('/', videos[6].Split('/').Select(Uri.EscapeDataString));
        return pages;
    }

    /// <summary>Takes the visitor to each page in turn.</summary>
    public async Task ForEachAsync(Visitor visitor, Func<string, Task> look)
    {
        foreach (var (name, address) in addresses)
        {
            await visitor.GoAsync(address);
            await Assertions.Expect(visitor.Page.Locator("html.scripted")).ToHaveCountAsync(name is "not found" or "server error" ? 0 : 1);
            await look(name);
        }

        await visitor.GoAsync("/");
        await visitor.AskAsync();
        await look("confirm card");
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Group).First.Locator("summary").First.ClickAsync();
        await look("confirm card with options");

        // What a person without scripts sees in place of the dialog.
        await visitor.GoAsync("/");
        await visitor.Page.EvaluateAsync("() => document.getElementById('pack').submit()");
        await Assertions.Expect(visitor.Card).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await look("confirm page");
    }

    private async Task<string> AddAsync(string state, HttpClient client, string video)
    {
        var response = await app.PostExportAsync(client, new { paths = new[] { video } });
        var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        addresses[state] = $"/exports/{id}";
        return id;
    }

    private async Task ShareAsync(string name, HttpClient client, string export, object request)
    {
        using var response = await client.PostAsJsonAsync($"/api/v1/exports/{export}/shares", request);
        addresses[name] = new Uri((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!).AbsolutePath;
    }

    private async Task VerifyAsync(string id)
    {
        await app.Get<ExportTransitions>().ClaimAsync(id, CancellationToken.None);
        await app.Get<ExportTransitions>().VerifyAsync(id, CancellationToken.None);
        app.Get<ExportProgressBoard>().Begin(id, ExportState.Verifying).Report(new ArchiveProgress(1, 1024));
    }
}
