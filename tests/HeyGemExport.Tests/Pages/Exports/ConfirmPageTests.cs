using System.Net;
using HeyGemExport.Accounts;
using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Pages.Exports;

/// <summary>From the library to the archive, without scripts.</summary>
public sealed class ConfirmPageTests : IDisposable
{
    private readonly ExportApp app = new();

    [Fact]
    public async Task The_whole_way_works_without_scripts()
    {
        app.AddVideo("b1/一.mp4");
        app.AddVideo("b2/二.mp4", seed: 2);
        using var visitor = await PageVisitor.OfAsync(app);
        var library = await visitor.OpenAsync("/");
        var card = await visitor.SendAsync(library, "#pack");
        Assert.Equal("点击打包后下载", card.QuerySelector("[data-confirm]")!.TextContent);
        Assert.Equal("2", card.QuerySelector(".figure-main dd")!.TextContent);
        Assert.Empty(app.TempFiles);

        await visitor.SendAsync(card, "#confirm-form");
        var address = visitor.Answer.RequestMessage!.RequestUri!.AbsolutePath;
        Assert.Matches("^/exports/[a-z2-7]{12}$", address);
        var ready = await Eventually.FindAsync(async () =>
            await visitor.OpenAsync(address) is var page && page.QuerySelector("[data-download]") is not null ? page : null);
        await visitor.OpenAsync(ready.QuerySelector("[data-download]")!.GetAttribute("href")!);
        Assert.Equal("application/zip", visitor.Answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Only_what_was_picked_is_packed()
    {
        app.AddVideo("b1/1.mp4");
        app.AddVideo("b1/2.mp4", seed: 2);
        app.AddVideo("b2/3.mp4", seed: 3);
        using var visitor = await PageVisitor.OfAsync(app);
        var library = await visitor.OpenAsync("/");
        var card = await visitor.SendAsync(library, "#pack", ("Paths", "b1/2.mp4"), ("Batches", "b2"));
        Assert.Equal("2", card.QuerySelector(".figure-main dd")!.TextContent);
    }

    [Theory]
    [InlineData("/?batch=b1", "2")]
    [InlineData("/?q=x", "2")]
    [InlineData("/?batch=b1&q=x", "1")]
    [InlineData("/?state=ready", "3")]
    public async Task With_no_pick_the_filter_is_packed(string address, string count)
    {
        app.AddVideo("b1/x.mp4");
        app.AddVideo("b1/y.mp4", seed: 2);
        app.AddVideo("b2/x.mp4", seed: 3);
        using var visitor = await PageVisitor.OfAsync(app);
        var card = await visitor.SendAsync(await visitor.OpenAsync(address), "#pack");
        Assert.Equal(count, card.QuerySelector(".figure-main dd")!.TextContent);
    }

    [Fact]
    public async Task What_is_left_out_is_named_with_its_reason()
    {
        app.AddVideo("good.mp4");
        app.Folder.Write("outputs/cut.mp4", Clips.Mp4()[..1000], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var visitor = await PageVisitor.OfAsync(app);
        var card = await visitor.SendAsync(await visitor.OpenAsync("/"), "#pack");
        Assert.Equal("cut.mp4", card.QuerySelector(".left-out .issue-files li")!.TextContent);
        Assert.Contains("已损坏", card.QuerySelector(".left-out summary")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pick_that_is_gone_is_refused_and_the_others_offered()
    {
        app.AddVideo("here.mp4");
        using var visitor = await PageVisitor.OfAsync(app);
        var library = await visitor.OpenAsync("/");
        var refused = await visitor.SendAsync(library, "#pack", ("Paths", "here.mp4"), ("Paths", "gone.mp4"));
        Assert.Equal("gone.mp4", refused.QuerySelector(".notice-bad .issue-files li")!.TextContent);
        Assert.Null(refused.QuerySelector("[data-confirm]"));

        var card = await visitor.SendAsync(refused, "form[data-again]");
        Assert.Equal("1", card.QuerySelector(".figure-main dd")!.TextContent);
        Assert.False(card.QuerySelector("[data-confirm]")!.HasAttribute("disabled"));
    }

    [Fact]
    public async Task Thousands_of_picks_arrive()
    {
        app.AddVideo("a.mp4");
        using var visitor = await PageVisitor.OfAsync(app);
        var picks = Enumerable.Range(0, 5000).Select(number => ("Paths", $"gone/{number}.mp4")).ToArray();
        var refused = await visitor.SendAsync(await visitor.OpenAsync("/"), "#pack", picks);
        Assert.Equal(HttpStatusCode.OK, visitor.Answer.StatusCode);
        Assert.Contains("5,000", refused.QuerySelector(".notice-bad summary")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_can_be_packed_again_as_it_was_asked_for()
    {
        app.AddVideo("b1/1.mp4");
        app.AddVideo("b2/2.mp4", seed: 2);
        using var visitor = await PageVisitor.OfAsync(app);
        var card = await visitor.SendAsync(await visitor.OpenAsync("/"), "#pack", ("Batches", "b1"));
        await visitor.SendAsync(card, "#confirm-form");
        var id = visitor.Answer.RequestMessage!.RequestUri!.Segments[^1];
        var again = await visitor.SendAsync(await visitor.OpenAsync("/"), "#pack", ("Again", id));
        Assert.Equal("1", again.QuerySelector(".figure-main dd")!.TextContent);
        Assert.Equal("b1", again.QuerySelector("#confirm-form input[name=Batches]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task A_form_from_elsewhere_packs_nothing()
    {
        app.AddVideo("a.mp4");
        using var visitor = await PageVisitor.OfAsync(app);
        await visitor.PostAsync("/exports/confirm?handler=Pack", ("All", "true"));
        Assert.Equal(HttpStatusCode.BadRequest, visitor.Answer.StatusCode);
        Assert.Empty((await app.Get<ExportService>().ListAsync(1, 10, text: null, Caller.System, CancellationToken.None)).Items);
    }

    public void Dispose() => app.Dispose();
}
