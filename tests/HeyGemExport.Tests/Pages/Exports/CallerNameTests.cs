using HeyGemExport.Accounts;
using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Pages.Exports;

/// <summary>Who asked for an export, as its pages say it.</summary>
public sealed class CallerNameTests : IDisposable
{
    private readonly HeldApp app = new();

    public void Dispose() => app.Dispose();

    [Theory]
    [InlineData("system", "系统")]
    [InlineData("key:nightly", "key:nightly")]
    public async Task Names_that_the_app_gives_are_said_in_the_readers_language_and_others_stay(string who, string shown)
    {
        app.AddVideo("a.mp4");
        using var visitor = await PageVisitor.OfAsync(app);
        var asked = await app.Get<ExportRequests>().RequestAsync(
            new Selection(All: true), new PackOptions(), new Caller(who, "-"), default);
        var id = Assert.IsType<RequestExportResult.Created>(asked).Export.Id;

        foreach (var page in new[] { "/exports", "/exports/" + id, "/ops", "/audit" })
        {
            Assert.Contains((await visitor.OpenAsync(page)).QuerySelectorAll("bdi"), name => name.TextContent == shown);
        }
    }

    [Fact]
    public async Task Where_nobody_signs_in_nobody_is_named()
    {
        app.AddVideo("a.mp4");
        using var visitor = await PageVisitor.OfAsync(app);
        var caller = new Caller(Caller.Anonymous, "-");
        var asked = await app.Get<ExportRequests>().RequestAsync(new Selection(All: true), new PackOptions(), caller, default);
        var id = Assert.IsType<RequestExportResult.Created>(asked).Export.Id;

        foreach (var page in new[] { "/exports", "/exports/" + id, "/ops" })
        {
            Assert.DoesNotContain("未登录用户", (await visitor.OpenAsync(page)).Body!.TextContent, StringComparison.Ordinal);
        }
    }
}
