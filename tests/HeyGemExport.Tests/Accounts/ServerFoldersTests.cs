using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Exports;
using HeyGemExport.Library;
using HeyGemExport.Notifications;
using HeyGemExport.Tests.Pages;
using HeyGemExport.Uploads;

namespace HeyGemExport.Tests.Accounts;

/// <summary>Where the server keeps its files is told to operators and in the run log, and to nobody else, whatever goes wrong.</summary>
public sealed class ServerFoldersTests : IAsyncLifetime
{
    private readonly HeldApp app = new HeldApp().WithAccounts();

    public async Task InitializeAsync()
    {
        app.AddVideo("a.mp4", 200_000);
        app.StartServer();
        await app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData(Roles.Viewer, false)]
    [InlineData(Roles.Operator, true)]
    [InlineData(Roles.Admin, true)]
    public async Task A_failed_export_names_the_temp_folder_to_operators_only(string role, bool named)
    {
        using var person = await app.SignInNewAsync("somebody", role);
        var id = await ConfirmAsync(person);
        Directory.Delete(app.Temp, recursive: true);
        await File.WriteAllTextAsync(app.Temp, "a file where a folder should be");
        await app.RunAsync(id);

        foreach (var address in new[] { $"/exports/{id}", $"/api/v1/exports/{id}", $"/api/v1/exports/{id}/events", "/api/v1/exports" })
        {
            await AssertNamesAsync(person, address, app.Temp, named);
        }

        foreach (var address in new[] { "/exports", $"/exports/{id}/deliveries" })
        {
            await AssertNamesAsync(person, address, app.Folder.FullPath, named: false);
        }

        Assert.Contains($"[ERROR] 打包失败: 无法写入临时目录 {app.Temp}。", await File.ReadAllTextAsync(app.RunLog), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Roles.Viewer, false)]
    [InlineData(Roles.Operator, true)]
    public async Task A_refusal_for_want_of_space_names_the_temp_folder_to_operators_only(string role, bool named)
    {
        await using var full = new HeldApp().WithAccounts();
        full.Settings["Exports:MaxTempBytes"] = "100000";
        full.AddVideo("a.mp4", 200_000);
        using var person = await full.SignInNewAsync("somebody", role);
        await full.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        using var card = await person.SendAsync(await person.OpenAsync("/"), "form#pack");

        using var refused = await person.AskAsync(
            HttpMethod.Post, "/api/v1/exports", JsonContent.Create(new { selection = new { all = true } }));
        using var preview = await person.AskAsync(
            HttpMethod.Post, "/api/v1/exports/preview", JsonContent.Create(new { selection = new { all = true } }));

        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        var refusal = (await preview.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refusal");
        var alert = card.QuerySelector("[role=alert]")!.TextContent;
        Assert.All(
            [problem.GetProperty("detail").GetString()!, refusal.GetProperty("message").GetString()!, alert],
            text => Assert.StartsWith("Not enough space: ", text.Trim(), StringComparison.Ordinal));
        Assert.Equal(
            [named, named, named],
            new[] { problem.ToString(), refusal.ToString(), card.Source.Text }.Select(
                text => text.Contains(full.Folder.FullPath, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Roles.Viewer, false)]
    [InlineData(Roles.Operator, true)]
    public async Task A_missing_outputs_folder_is_named_to_operators_only(string role, bool named)
    {
        using var person = await app.SignInNewAsync("somebody", role);
        Directory.Delete(app.Outputs, recursive: true);
        await app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);

        await AssertNamesAsync(person, "/", app.Outputs, named);
        await AssertNamesAsync(person, "/healthz/ready", app.Outputs, named);
        await AssertNamesAsync(person, "/api/v1/videos", app.Outputs, named: false);
    }

    [Fact]
    public async Task A_pipeline_that_may_only_export_learns_no_folder_and_neither_does_a_group_that_is_notified()
    {
        using var key = await app.WithKeyAsync("nightly", "export");
        var id = (await (await app.PostExportAsync(key, new { all = true })).Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("id")
            .GetString()!;
        Directory.Delete(app.Temp, recursive: true);
        await File.WriteAllTextAsync(app.Temp, "a file where a folder should be");
        await app.RunAsync(id);

        var answer = await key.GetStringAsync($"/api/v1/exports/{id}");

        Assert.Contains("temp-unwritable", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Folder.FullPath, answer, StringComparison.Ordinal);
        var notice = NotificationPayload.Of((await app.Get<ExportService>().FindAsync(id, CancellationToken.None))!, url: null);
        Assert.Contains(
            "原因：无法写入临时目录。", app.Get<NotificationTexts>().Of(notice, CultureInfo.GetCultureInfo("zh-CN")).Lines, StringComparer.Ordinal);
    }

    [Fact]
    public void What_a_failed_connection_says_of_itself_is_for_operators()
    {
        var texts = app.Get<UploadErrorTexts>();
        var error = new ExportError("store-unreachable", [$"Could not find file '{app.Temp}/a.zip'."]);

        Assert.DoesNotContain(app.Temp, texts.Message(error), StringComparison.Ordinal);
        Assert.Contains(app.Temp, texts.Message(error, namesFolders: true), StringComparison.Ordinal);
        Assert.Contains(app.Temp, texts.ForRunLog(error), StringComparison.Ordinal);
    }

    private static async Task<string> ConfirmAsync(PageVisitor person)
    {
        using var answer = await person.AskAsync(
            HttpMethod.Post, "/api/v1/exports", JsonContent.Create(new { selection = new { all = true } }));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task AssertNamesAsync(PageVisitor person, string address, string folder, bool named)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (!address.StartsWith("/api", StringComparison.Ordinal))
        {
            request.Headers.Accept.ParseAdd("text/html");
        }

        using var answer = await person.AskAsync(request);
        var text = WebUtility.HtmlDecode(Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()));
        Assert.Equal((address, named), (address, text.Contains(folder, StringComparison.Ordinal)));
    }
}
