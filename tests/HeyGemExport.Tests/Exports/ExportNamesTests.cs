using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Exports;
using HeyGemExport.Tests.Accounts;
using HeyGemExport.Tests.Pages;

namespace HeyGemExport.Tests.Exports;

/// <summary>What people call exports, and under which name they get them.</summary>
public sealed class ExportNamesTests : IAsyncLifetime
{
    private readonly HeldApp app = new() { Time = new ShiftedClock() };
    private HttpClient client = null!;

    public Task InitializeAsync()
    {
        client = app.CreateClient();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("zh-CN", "培训等2个批次_3个_20260304_1930")]
    [InlineData("en", "培训 +1 more, 3 videos, 2026-03-04 19.30")]
    public async Task It_is_named_after_its_content_in_the_language_and_zone_of_whoever_downloads(string language, string name)
    {
        app.AddVideo("培训/a.mp4");
        app.AddVideo("培训/b.mp4", seed: 2);
        app.AddVideo("样片/c.mp4", seed: 3);
        client.DefaultRequestHeaders.AcceptLanguage.Clear();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        client.DefaultRequestHeaders.Add("Cookie", "heygem.zone=Asia%2FShanghai");
        var id = await PackAsync(new { all = true });

        var disposition = (await client.GetAsync($"/exports/{id}/download")).Content.Headers.ContentDisposition!;
        var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}");

        Assert.Equal(name + ".zip", disposition.FileNameStar);
        Assert.Equal(name + ".zip", export.GetProperty("downloadName").GetString());
        Assert.Equal(export.GetProperty("archiveName").GetString(), disposition.FileName);
        Assert.Equal(2, export.GetProperty("content").GetProperty("batchCount").GetInt32());
    }

    [Theory]
    [InlineData("培训_2个_", "培训/a.mp4", "培训/b.mp4")]
    [InlineData("视频_2个_", "a.mp4", "b.mp4")]
    [InlineData("第02课 你好_", "培训/第02课 你好.mp4")]
    [InlineData("培训等2个批次_2个_", "a.mp4", "培训/b.mp4")]
    public async Task A_name_says_what_one_would_look_for(string begin, params string[] paths)
    {
        foreach (var (index, path) in paths.Index())
        {
            app.AddVideo(path, seed: index);
        }

        var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{await PackAsync(new { all = true })}");

        Assert.StartsWith(begin, export.GetProperty("downloadName").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zh-CN", "^长+等2个批次_2个_20260304_1130.zip$")]
    [InlineData("en", @"^长+ \+1 more, 2 videos, 2026-03-04 11\.30\.zip$")]
    public async Task A_long_name_of_a_batch_takes_nothing_of_the_count_and_the_time(string language, string name)
    {
        app.AddVideo(new string('长', 80) + "/a.mp4");
        app.AddVideo("做样/b.mp4", seed: 2);
        client.DefaultRequestHeaders.AcceptLanguage.Clear();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);

        var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{await PackAsync(new { all = true })}");

        Assert.Matches(name, export.GetProperty("downloadName").GetString());
        Assert.InRange(export.GetProperty("downloadName").GetString()!.Length, 30, ExportNames.MaxUnits + ".zip".Length);
    }

    [Fact]
    public async Task Parts_are_numbered_under_the_name_of_their_set()
    {
        app.AddVideo("培训/a.mp4", length: 200_000);
        app.AddVideo("培训/b.mp4", length: 200_000, seed: 2);
        var id = await PackAsync(new { all = true }, new { maxPartBytes = 300_000, compression = "store" });

        var disposition = (await client.GetAsync($"/exports/{id}/parts/2/download")).Content.Headers.ContentDisposition!;

        Assert.Equal("培训_2个_20260304_1130_part02of02.zip", disposition.FileNameStar);
    }

    [Theory]
    [InlineData("客户A 终版", "客户A 终版")]
    [InlineData("  终版.zip ", "终版")]
    [InlineData("../../etc/passwd", ".._.._etc_passwd")]
    [InlineData("a\r\nSet-Cookie: x", "a__Set-Cookie_ x")]
    [InlineData("\u202Egpj.zip", "_gpj")]
    public async Task It_can_be_named_before_and_after(string given, string kept)
    {
        app.AddVideo("培训/a.mp4");
        var id = await PackAsync(new { all = true }, new { name = given });
        Assert.Equal(kept + ".zip", await NameAsync(id));

        Assert.Equal(HttpStatusCode.OK, (await RenameAsync(id, "另一个")).StatusCode);
        Assert.Equal("另一个.zip", await NameAsync(id));
        Assert.Equal("另一个.zip", (await client.GetAsync($"/exports/{id}/download")).Content.Headers.ContentDisposition!.FileNameStar);

        Assert.Equal(HttpStatusCode.OK, (await RenameAsync(id, " ")).StatusCode);
        Assert.Equal("a_20260304_1130.zip", await NameAsync(id));
        Assert.Contains("export-renamed", await client.ActionsAsync());
    }

    [Fact]
    public async Task A_name_changes_nothing_about_what_is_the_same_content()
    {
        app.AddVideo("培训/a.mp4");
        var id = await PackAsync(new { all = true }, new { name = "一" });

        var joined = await app.PostExportAsync(client, new { all = true }, new { name = "二" });

        Assert.Equal(HttpStatusCode.OK, joined.StatusCode);
        Assert.Equal(id, await joined.IdAsync());
        Assert.Equal("二.zip", await NameAsync(id));
    }

    [Fact]
    public async Task A_name_is_for_whoever_gave_it_and_for_operators()
    {
        await using var accounts = new HeldApp().WithAccounts();
        accounts.AddVideo("培训/a.mp4");
        var alice = await accounts.SignInNewAsync("alice");
        var bob = await accounts.SignInNewAsync("bob");
        var boss = await accounts.SignInNewAsync("boss", HeyGemExport.Accounts.Roles.Operator);
        var request = new { selection = new { all = true }, options = new { name = "爱丽丝的" } };
        var id = await (await alice.AskAsync(HttpMethod.Post, "/api/v1/exports", JsonContent.Create(request))).IdAsync();
        await bob.AskAsync(HttpMethod.Post, "/api/v1/exports", JsonContent.Create(new { selection = new { all = true } }));

        Assert.Equal("爱丽丝的.zip", await SeenByAsync(alice));
        Assert.StartsWith("a, ", await SeenByAsync(bob), StringComparison.Ordinal);
        Assert.Equal("爱丽丝的.zip", await SeenByAsync(boss));

        await bob.AskAsync(HttpMethod.Put, $"/api/v1/exports/{id}/name", JsonContent.Create(new { name = "鲍勃的" }));

        Assert.Equal("爱丽丝的.zip", await SeenByAsync(alice));
        Assert.Equal("鲍勃的.zip", await SeenByAsync(bob));
        Assert.Equal("爱丽丝的.zip", await SeenByAsync(boss));

        async Task<string?> SeenByAsync(PageVisitor person) =>
            (await (await person.AskAsync(HttpMethod.Get, $"/api/v1/exports/{id}")).Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("downloadName").GetString();
    }

    [Theory]
    [InlineData("培训", 1)]
    [InlineData("终版", 1)]
    [InlineData("B.MP4", 1)]
    [InlineData("heygem_batch", 2)]
    [InlineData("%", 0)]
    [InlineData("没有", 0)]
    public async Task The_list_is_searched_by_name_and_content(string text, int found)
    {
        app.AddVideo("培训/a.mp4");
        app.AddVideo("样片/b.mp4", seed: 2);
        await PackAsync(new { batches = new[] { "培训" } });
        await PackAsync(new { batches = new[] { "样片" } }, new { name = "客户 终版" });

        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/exports?q=" + Uri.EscapeDataString(text));

        Assert.Equal(found, list.GetProperty("total").GetInt32());
        Assert.Equal(found, list.GetProperty("items").GetArrayLength());
    }

    private async Task<string> PackAsync(object selection, object? options = null)
    {
        var id = await (await app.PostExportAsync(client, selection, options)).IdAsync();
        await app.RunAsync(id);
        return id;
    }

    private async Task<string?> NameAsync(string id) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).GetProperty("downloadName").GetString();

    private Task<HttpResponseMessage> RenameAsync(string id, string name) =>
        client.PutAsJsonAsync($"/api/v1/exports/{id}/name", new { name });

    /// <summary>UTC, and 4 March 2026, 11:30, when the test begins.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        private readonly TimeSpan shift = new DateTimeOffset(2026, 3, 4, 11, 30, 1, TimeSpan.Zero) - System.GetUtcNow();

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
    }
}
