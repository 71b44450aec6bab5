namespace HeyGemExport.Tests.Pages.Verify;

/// <summary>What the server gives to whoever wants to check a delivery.</summary>
public sealed class VerifyPageTests : IDisposable
{
    private readonly ExportApp app = new();

    [Theory]
    [InlineData("zh-CN", "核对收到的文件")]
    [InlineData("en", "Check a delivery")]
    public async Task Without_scripts_it_explains_the_command_line(string language, string heading)
    {
        using var visitor = await PageVisitor.OfAsync(app, language);
        var page = await visitor.OpenAsync("/verify");
        Assert.Equal(heading, page.QuerySelector("h1")!.TextContent);
        var shell = page.QuerySelector("details.shell")!;
        Assert.True(shell.HasAttribute("open"));
        Assert.Contains("sha256sum -c SHA256SUMS", shell.TextContent, StringComparison.Ordinal);
        Assert.Contains("shasum -a 256 -c SHA256SUMS", shell.TextContent, StringComparison.Ordinal);
        Assert.Contains("Get-FileHash", shell.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("#verify [data-script] input[type=file]"));
    }

    [Fact]
    public async Task Every_page_leads_to_it()
    {
        using var visitor = await PageVisitor.OfAsync(app);
        var page = await visitor.OpenAsync("/exports");
        await visitor.OpenAsync(page.QuerySelector("footer a[href='/verify']")!.GetAttribute("href")!);
        Assert.True(visitor.Answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_archive_leads_to_it_and_hands_over_its_hash_where_no_server_sees_it()
    {
        app.AddVideo("a.mp4");
        using var visitor = await PageVisitor.OfAsync(app);
        using var client = app.CreateClient();
        var export = await app.ExportAsync(client, new { all = true });
        var page = await visitor.OpenAsync($"/exports/{export.GetProperty("id").GetString()}");
        Assert.NotNull(page.QuerySelector($"a[href='/verify#{export.GetProperty("archiveSha256").GetString()}']"));
    }

    [Fact]
    public void Every_reason_and_verdict_that_the_scripts_name_has_its_words()
    {
        var words = File.ReadAllText(Path.Combine(SourceTree.App, "Pages", "Verify", "_Words.cshtml"));
        string[] faults = ["Content", "Length", "EntryLength", "EntryCrc", "EntryData", "EntryHeader", "EntryEncrypted", "EntryMethod",
            "FileUnreadable", "ZipNoEnd", "ZipDirectory", "ListUnreadable", "ListVersion", "ListTooLong"];
        string[] findings = ["missingParts", "missing", "changed", "extra", "unreadable", "unproved", "leftOut", "unknown", "ignored"];
        string[] verdicts = ["good", "partial", "undamaged", "bad", "foreign"];
        Assert.All(
            [.. faults.Select(name => $"Fault.{name}"), .. findings.Select(name => $"Find.{name}"),
                .. verdicts.SelectMany(name => new[] { $"Verdict.{name}", $"Detail.{name}" })],
            key => Assert.Contains($"data-word=\"{key}\"", words, StringComparison.Ordinal));
    }

    public void Dispose() => app.Dispose();
}
