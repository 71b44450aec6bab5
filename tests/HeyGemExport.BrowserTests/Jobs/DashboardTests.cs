using System.Collections.Concurrent;
using HeyGemExport.Accounts;
using HeyGemExport.Exports;

namespace HeyGemExport.BrowserTests.Jobs;

/// <summary>Hangfire's dashboard as operators use it.</summary>
public sealed class DashboardTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private readonly ExportApp app = new();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [BrowserTheory]
    [InlineData(Words.Zh, "任务面板", "删除")]
    [InlineData(Words.En, "Job dashboard", "Deleted")]
    public async Task A_running_export_is_found_there_deleted_queued_again_and_ready(string locale, string link, string deleted)
    {
        Clips.WriteSparseMp4(Path.Combine(app.Outputs, "large.mp4"), 2L << 30);
        app.StartServer();
        await using var context = await chromium.Browser.NewContextAsync(
            new() { BaseURL = app.ClientOptions.BaseAddress.ToString(), Locale = locale });
        var page = await context.NewPageAsync();
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        var faults = new ConcurrentQueue<string>();
        page.PageError += (_, error) => faults.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                faults.Enqueue(message.Text);
            }
        };
        using var client = app.CreateClient();

        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync("/hangfire");

        // Only now, and large: it must still run when the page is there.
        await Eventually.HoldsAsync(
            async () => (await app.PostExportAsync(client, new { all = true }, new { compression = "deflate" })).IsSuccessStatusCode);
        var exports = await app.Get<ExportService>().ListAsync(1, 10, text: null, Caller.System, CancellationToken.None);
        var export = Assert.Single(exports.Items);
        await ReachesAsync(export.Id, ExportState.Building);
        await ShowsProgressAsync(page, export.ArchiveName);
        await PressAsync(page, "processing", "delete");
        await ReachesAsync(export.Id, ExportState.Cancelled);
        await page.GotoAsync("/hangfire/jobs/deleted");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(deleted);
        await PressAsync(page, "deleted", "requeue");

        await ReachesAsync(export.Id, ExportState.Ready);
        await page.Locator(".navbar-right a").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync("/");
        Assert.Empty(faults);
    }

    /// <summary>The job's page, on a phone.</summary>
    private static async Task ShowsProgressAsync(IPage page, string archiveName)
    {
        await page.SetViewportSizeAsync(390, 844);
        await page.GotoAsync("/hangfire/jobs/processing");
        await page.Locator("a[href*='/jobs/details/']").First.ClickAsync();
        await Assertions.Expect(page.Locator("#record a")).ToContainTextAsync(archiveName);
        await Assertions.Expect(page.Locator("#record .progress-bar")).ToContainTextAsync("%");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await page.SetViewportSizeAsync(1280, 800);
    }

    private static async Task PressAsync(IPage page, string list, string command)
    {
        await page.GotoAsync($"/hangfire/jobs/{list}");
        await page.Locator(".js-jobs-list-checkbox").First.CheckAsync();

        // The dashboard loads its page again when the command is done; going elsewhere before that would be overtaken by it.
        await page.RunAndWaitForRequestFinishedAsync(
            () => page.Locator($".js-jobs-list-command[data-url$='/{command}']").ClickAsync(),
            new() { Predicate = request => request.IsNavigationRequest });
        await page.LoadedAsync();
    }

    private Task ReachesAsync(string id, ExportState state) => Eventually.HoldsAsync(async () =>
        await app.Get<ExportService>().FindAsync(id, CancellationToken.None) is { } export && export.State == state);
}
