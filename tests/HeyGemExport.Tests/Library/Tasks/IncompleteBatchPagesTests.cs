using System.Text;
using HeyGemExport.Tests.Pages;

namespace HeyGemExport.Tests.Library.Tasks;

/// <summary>What a person sees of task lists: in the side list and on the confirm card.</summary>
public sealed class IncompleteBatchPagesTests : IDisposable
{
    private const string Lacking =
        """[{"name":"1"},{"name":"二","state":"rendering"},{"name":"三","state":"failed"},{"name":"四","state":"done"}]""";

    private readonly ExportApp app = new();

    public void Dispose() => app.Dispose();

    [Theory]
    [InlineData("en", "1 of 4: 1 rendering, 1 failed, 1 done but not there; 1 more than listed")]
    [InlineData("zh-CN", "4 条中已完成 1 条：1 条渲染中，1 条失败，1 条标记完成但文件不存在；另有 1 条不在清单中")]
    public async Task The_side_list_says_what_is_missing(string language, string text)
    {
        app.AddVideo("b/1.mp4");
        app.AddVideo("b/more.mp4", seed: 2);
        WriteList("b/tasks.json", Lacking);
        using var visitor = await PageVisitor.OfAsync(app, language);
        var page = await visitor.OpenAsync("/");
        Assert.Equal(text, Assert.Single(page.QuerySelectorAll(".batch-tasks .dot-warn")).TextContent);
    }

    [Theory]
    [InlineData("en", "Complete: 1 of 1")]
    [InlineData("zh-CN", "已全部完成：1/1")]
    public async Task A_complete_batch_says_so_and_the_card_does_not_warn(string language, string text)
    {
        app.AddVideo("b/1.mp4");
        WriteList("b/tasks.json", """[{"name":"1"}]""");
        using var visitor = await PageVisitor.OfAsync(app, language);
        var page = await visitor.OpenAsync("/");
        Assert.Equal(text, page.QuerySelector(".batch-tasks .dot-good")!.TextContent);
        Assert.Empty((await visitor.SendAsync(page, "#pack")).QuerySelectorAll(".incomplete"));
    }

    [Fact]
    public async Task Without_a_list_nothing_is_said()
    {
        app.AddVideo("b/1.mp4");
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/");
        Assert.Empty(page.QuerySelectorAll(".batch-tasks"));
        Assert.Empty((await visitor.SendAsync(page, "#pack")).QuerySelectorAll(".incomplete"));
    }

    [Theory]
    [InlineData("/", "", "", "b c")]
    [InlineData("/", "Batches", "b", "b")]
    [InlineData("/", "Batches", "whole", "")]
    [InlineData("/", "Paths", "c/1.mp4", "c")]
    [InlineData("/", "Paths", "whole/1.mp4", "")]
    [InlineData("/?batch=c", "", "", "c")]
    [InlineData("/?q=b", "", "", "b")]
    [InlineData("/?q=1&batch=whole", "", "", "")]
    public async Task The_card_warns_of_every_batch_that_the_selection_touches(string address, string field, string value, string warned)
    {
        foreach (var batch in new[] { "b", "c", "whole" })
        {
            app.AddVideo($"{batch}/1.mp4");
            WriteList($"{batch}/tasks.json", batch == "whole" ? """[{"name":"1"}]""" : Lacking);
        }

        using var visitor = await PageVisitor.OfAsync(app);
        (string, string)[] picks = field.Length == 0 ? [] : [(field, value)];
        var card = await visitor.SendAsync(await visitor.OpenAsync(address), "#pack", picks);
        Assert.Equal(
            warned.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            card.QuerySelectorAll(".incomplete summary bdi").Select(name => name.TextContent).Order(StringComparer.Ordinal));
        Assert.False(card.QuerySelector("[data-confirm]")!.HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("en", "Not everything that was ordered is there yet", "1 of 13: 12 queued", "and 2 more", "2 · queued")]
    [InlineData("zh-CN", "以下批次尚未全部完成", "13 条中已完成 1 条：12 条排队中", "还有 2 个", "2 · 排队中")]
    public async Task The_card_names_ten_missing_videos_and_counts_the_others(
        string language, string title, string sentence, string more, string first)
    {
        app.AddVideo("b/1.mp4");
        WriteList("b/tasks.csv", "name,state\n" + string.Concat(Enumerable.Range(1, 13).Select(number => $"{number},queued\n")));
        using var visitor = await PageVisitor.OfAsync(app, language);
        var card = await visitor.SendAsync(await visitor.OpenAsync("/"), "#pack");
        var warning = card.QuerySelector(".incomplete")!;
        Assert.Equal(title, warning.QuerySelector(".notice-title")!.TextContent);
        Assert.Equal(sentence, warning.QuerySelector(".incomplete-summary")!.TextContent);
        var lines = warning.QuerySelectorAll(".issue-files li").Select(line => line.TextContent.Trim()).ToList();
        Assert.Equal((11, first, more), (lines.Count, lines[0], lines[^1]));
    }

    [Theory]
    [InlineData("en", "The task list cannot be read: line 3 ")]
    [InlineData("zh-CN", "任务清单无法读取：第 3 行")]
    public async Task A_list_that_cannot_be_read_is_shown_on_the_batch_and_the_card(string language, string text)
    {
        app.AddVideo("1.mp4");
        WriteList("tasks.csv", "name,file,state\n1,1.mp4,done\n2,2.m");
        using var visitor = await PageVisitor.OfAsync(app, language);
        var page = await visitor.OpenAsync("/");
        Assert.StartsWith(text, page.QuerySelector(".batch-tasks .dot-bad")!.TextContent, StringComparison.Ordinal);
        var card = await visitor.SendAsync(page, "#pack");
        Assert.StartsWith(text, card.QuerySelector(".incomplete-summary")!.TextContent, StringComparison.Ordinal);
        Assert.False(card.QuerySelector("[data-confirm]")!.HasAttribute("disabled"));
    }

    [Fact]
    public async Task Names_from_a_list_are_shown_as_text()
    {
        app.AddVideo("b/1.mp4");
        WriteList("b/tasks.json", """[{"name":"<img src=x onerror=alert(1)>\u202egpj","state":"<b>"}]""");
        using var visitor = await PageVisitor.OfAsync(app);
        var card = await visitor.SendAsync(await visitor.OpenAsync("/"), "#pack");
        Assert.Equal("<img src=x onerror=alert(1)>\uFFFDgpj", card.QuerySelector(".issue-files bdi")!.TextContent);
        Assert.Empty(card.QuerySelectorAll("[onerror]"));
    }

    private void WriteList(string path, string text) =>
        app.Folder.Write(Path.Combine("outputs", path), Encoding.UTF8.GetBytes(text), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
}
