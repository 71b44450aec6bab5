using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Audit;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Ops;

/// <summary>What ops do on their page, with scripts and without.</summary>
public sealed class OpsPageTests(Chromium chromium) : BrowserTest<HeldApp>(chromium, new HeldApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, true, "重试任务 {0}", "任务 {0} 已重新排队。")]
    [InlineData(Words.En, false, "Retry export {0}", "Export {0} waits for a worker again.")]
    public async Task A_failed_export_shows_its_reason_and_waits_again_after_a_retry(
        string locale, bool scripts, string button, string told)
    {
        var visitor = await VisitOpsAsync(locale, scripts);
        var id = await ConfirmAsync();
        File.Move(Video, Aside);
        await App.RunAsync(id);
        File.Move(Aside, Video);
        await visitor.GoAsync("/ops");
        await Assertions.Expect(Section(visitor, "unsuccessful")).ToContainTextAsync("课程.mp4");

        await visitor.Button(Say(button, id)).ClickAsync();

        await Assertions.Expect(visitor.Page.GetByText(Say(told, id))).ToBeVisibleAsync();
        await Assertions.Expect(Section(visitor, "queue")).ToContainTextAsync(id);
        await Assertions.Expect(Section(visitor, "unsuccessful")).Not.ToContainTextAsync(id);
        await AssertAuditedAsync(AuditActions.ExportRetried, id);
    }

    [BrowserTheory]
    [InlineData(Words.Zh)]
    [InlineData(Words.En)]
    public async Task What_failed_comes_first_and_what_is_empty_last_on_one_line(string locale)
    {
        Directory.CreateDirectory(App.Logs);
        await File.WriteAllTextAsync(Path.Combine(App.Folder.FullPath, "no-folder"), "");
        App.Settings["Library:OutputsPath"] = App.Folder["no-folder"];
        var visitor = await VisitAsync(locale);
        await visitor.GoAsync("/ops");
        await visitor.ShowAsync($"ops failed {locale}");

        var check = (await Section(visitor, "checks").BoundingBoxAsync())!;
        var firstCheck = Section(visitor, "checks").Locator("li").First;
        await Assertions.Expect(firstCheck.Locator(".chip-bad")).ToHaveCountAsync(1);
        foreach (var empty in new[] { "unsuccessful", "running", "queue", "archives", "shares" })
        {
            var box = (await Section(visitor, empty).BoundingBoxAsync())!;
            Assert.True(check.Y < box.Y);
            Assert.InRange(box.Height, 24, 56);
        }
    }

    [BrowserTheory]
    [InlineData(Words.Zh, false, "取消任务 {0}", "任务 {0} 已取消。", "删除任务 {0}", "确认删除记录", "任务 {0} 已删除。")]
    [InlineData(
        Words.En, true, "Cancel export {0}", "Export {0} is cancelled.", "Delete export {0}", "Yes, delete the record", "Export {0} is deleted.")]
    public async Task What_waits_is_cancelled_and_then_deleted(
        string locale, bool scripts, string cancel, string cancelled, string delete, string sure, string deleted)
    {
        var visitor = await VisitOpsAsync(locale, scripts);
        var id = await ConfirmAsync();
        await visitor.GoAsync("/ops");

        await visitor.Button(Say(cancel, id)).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText(Say(cancelled, id))).ToBeVisibleAsync();
        await visitor.Page.Locator($"summary[aria-label='{Say(delete, id)}']").ClickAsync();
        await visitor.Button(sure).ClickAsync();

        await Assertions.Expect(visitor.Page.GetByText(Say(deleted, id))).ToBeVisibleAsync();
        await Assertions.Expect(Section(visitor, "unsuccessful")).Not.ToContainTextAsync(id);
        await AssertAuditedAsync(AuditActions.ExportCancelled, id);
        await AssertAuditedAsync(AuditActions.ExportDeleted, id);
    }

    [BrowserTheory]
    [InlineData(Words.Zh, true, "立即删除任务 {0} 的压缩包", "确认删除压缩包", "压缩包正在被下载。", "任务 {0} 的压缩包已删除。")]
    [InlineData(
        Words.En, false, "Remove now the archive of {0}", "Yes, remove the archive", "The archive is being downloaded.", "The archive of {0} is removed.")]
    public async Task An_archive_is_removed_once_nobody_downloads_it(
        string locale, bool scripts, string remove, string sure, string refused, string told)
    {
        var visitor = await VisitOpsAsync(locale, scripts);
        var id = await ConfirmAsync();
        await App.RunAsync(id);
        using (await App.Get<ActiveDownloads>().TryAcquireAsync(id, default))
        {
            await visitor.GoAsync("/ops");
            await RemoveAsync();
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(refused);
            Assert.Single(App.TempFiles);
        }

        await RemoveAsync();

        await Assertions.Expect(visitor.Page.GetByText(Say(told, id))).ToBeVisibleAsync();
        Assert.Empty(App.TempFiles);
        await AssertAuditedAsync(AuditActions.ArchiveRemoved, id);

        async Task RemoveAsync()
        {
            await visitor.Page.Locator($"summary[aria-label='{Say(remove, id)}']").ClickAsync();
            await visitor.Button(sure).ClickAsync();
        }
    }

    [BrowserFact]
    public async Task The_page_follows_by_itself()
    {
        var visitor = await VisitOpsAsync(Words.En, scripts: true);
        var id = await ConfirmAsync();
        await visitor.GoAsync("/ops");
        await Assertions.Expect(Section(visitor, "queue")).ToContainTextAsync(id);

        await App.RunAsync(id);

        await Assertions.Expect(Section(visitor, "archives")).ToContainTextAsync(id);
        await Assertions.Expect(Section(visitor, "queue")).Not.ToContainTextAsync(id);
    }

    private string Video => Path.Combine(App.Outputs, "课程.mp4");

    private string Aside => App.Folder["aside.mp4"];

    private static string Say(string text, string id) => text.Replace("{0}", id, StringComparison.Ordinal);

    private static ILocator Section(Visitor visitor, string name) => visitor.Page.Locator("#ops-" + name);

    private async Task<Visitor> VisitOpsAsync(string locale, bool scripts)
    {
        App.AddVideo("课程.mp4");
        var visitor = await VisitAsync(locale, scripts);
        await Eventually.HoldsAsync(() => App.Get<LibraryIndex>().Current.Videos.Count == 1);
        return visitor;
    }

    private async Task<string> ConfirmAsync()
    {
        using var client = App.CreateClient();
        var response = await App.PostExportAsync(client, new { all = true });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private async Task AssertAuditedAsync(string action, string id)
    {
        var found = await App.Get<AuditTrail>().QueryAsync(new AuditQuery(Action: action), CancellationToken.None);
        Assert.Equal((id, "anonymous"), (Assert.Single(found.Items).ExportId, found.Items[0].Who));
    }
}
