using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Archives;
using HeyGemExport.BrowserTests.Uploads;
using HeyGemExport.Exports;

namespace HeyGemExport.BrowserTests;

/// <summary>Every page in every state, over an engine that waits: what holds for all pages is tried on all of them.</summary>
public sealed class EveryPage
{
    private const string Tag = "客户A <b>2026</b>";
    private const string Password = "open sesame";

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

    /// <summary>A host with all that has a page of its own; to be prepared later.</summary>
    public static HeldApp Host() => OutwardSamples.Configure(new HeldApp());

    /// <summary>Needs a <see cref="Host"/> with at least eight videos, of which it deletes one.</summary>
    public static async Task<EveryPage> PrepareAsync(HeldApp app, IReadOnlyList<string> videos)
    {
        var pages = new EveryPage(app);
        using var client = app.CreateClient();
        using (await client.PostAsJsonAsync("/api/v1/tags", new { paths = new[] { videos[0], videos[6] }, add = new[] { Tag, "已审" } }))
        {
            pages.addresses["filtered by a tag"] = "/?tag=" + Uri.EscapeDataString(Tag);
        }

        await pages.AddAsync("queued", client, videos[0]);
        await app.Get<ExportTransitions>().ClaimAsync(await pages.AddAsync("building", client, videos[1]), CancellationToken.None);
        await pages.VerifyAsync(await pages.AddAsync("verifying", client, videos[2]));
        var ready = await pages.AddAsync("ready", client, videos[3]);
        await app.RunAsync(ready);
        await pages.ShareAsync("shared", client, ready, new { maxDownloads = 3 });
        await pages.ShareAsync("shared with a password", client, ready, new { password = Password });
        await pages.ShareAsync("shared and used up", client, ready, new { maxDownloads = 1 });
        await client.GetByteArrayAsync(pages.addresses["shared and used up"] + "/download");
        var instant = await client.PostAsJsonAsync(
            "/api/v1/exports",
            new { selection = new { paths = new[] { videos[3] } }, options = new { delivery = "instant", checksums = true } });
        var instantId = await instant.IdAsync();
        pages.addresses["instant"] = $"/exports/{instantId}";
        await pages.ShareAsync("shared and instant", client, instantId, new { });
        var expired = await pages.AddAsync("expired", client, videos[7]);
        await app.RunAsync(expired);
        await pages.ShareAsync("shared and gone", client, expired, new { });
        await client.PostAsync($"/api/v1/exports/{expired}/remove", content: null);
        await OutwardSamples.DeliverAsync(app, ready);
        pages.addresses["deliveries"] = $"/exports/{ready}/deliveries";
        pages.addresses["no deliveries"] = $"/exports/{expired}/deliveries";
        var cancelled = await pages.AddAsync("cancelled", client, videos[4]);
        await app.Get<ExportService>().CancelAsync(cancelled, Accounts.Caller.System, CancellationToken.None);
        var failed = await pages.AddAsync("failed", client, videos[5]);
        File.Delete(Path.Combine(app.Outputs, videos[5]));
        await app.RunAsync(failed);
        await OutwardSamples.NotifyAsync(app, ready, failed);
        pages.addresses["watch"] = "/watch/" + string.Join('/', videos[6].Split('/').Select(Uri.EscapeDataString));
        return pages;
    }

    /// <summary>Takes the visitor to each page in turn.</summary>
    public async Task ForEachAsync(Visitor visitor, Func<string, Task> look)
    {
        foreach (var (name, address) in addresses)
        {
            await visitor.GoAsync(address);
            await Assertions.Expect(visitor.Page.Locator("html.scripted")).ToHaveCountAsync(1);
            await look(name);
        }

        await LookAtSharingAsync(visitor, look);
        await LookAtOpsAsync(visitor, look);
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

    /// <summary>What is shown after a click, on both sides of a link.</summary>
    private async Task LookAtSharingAsync(Visitor visitor, Func<string, Task> look)
    {
        await visitor.GoAsync(addresses["ready"]);
        await visitor.Page.Locator(".shares details > summary").ClickAsync();
        await look("form of a link");
        await visitor.Page.Locator(".share-form .button-primary").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#share-address")).ToBeVisibleAsync();
        await look("new link");

        await visitor.GoAsync(addresses["deliveries"]);
        await visitor.Page.Locator(".delivery details.renamed > summary").First.ClickAsync();
        await look("delivered objects");
        await visitor.Page.Locator(".object-list button").First.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#link")).ToBeVisibleAsync();
        await look("link to an object");

        await visitor.GoAsync(addresses["shared with a password"]);
        await UnlockAsync(visitor, "guessed wrong");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await look("wrong password of a link");
        await UnlockAsync(visitor, Password);
        await Assertions.Expect(visitor.Page.Locator(".share-files")).ToHaveCountAsync(1);
        await look("unlocked link");
    }

    /// <summary>What is shown after a click on the page of ops, and after one without scripts on a tag.</summary>
    private static async Task LookAtOpsAsync(Visitor visitor, Func<string, Task> look)
    {
        await visitor.GoAsync("/ops");
        await visitor.Page.Locator("#ops-shares .ops-sure > summary").First.ClickAsync();
        await look("about to revoke a link");
        await visitor.GoAsync("/");
        await visitor.Page.EvaluateAsync("""
            () => {
              const form = document.createElement('form');
              form.method = 'post';
              form.action = '/tags';
              form.append(document.querySelector('input[name=antiforgery]').cloneNode());
              document.body.append(form);
              form.submit();
            }
            """);
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await look("refused tag");
    }

    private static async Task UnlockAsync(Visitor visitor, string password)
    {
        await visitor.Page.Locator("[name=password]").FillAsync(password);
        await visitor.Page.Locator("main form button").ClickAsync();
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
