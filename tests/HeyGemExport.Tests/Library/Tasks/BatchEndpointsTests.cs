using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HeyGemExport.Library;
using HeyGemExport.Library.Tasks;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Tests.Library.Tasks;

/// <summary>Batches and their completeness over HTTP, on the real host.</summary>
public sealed class BatchEndpointsTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ExportApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Lists_batches_with_what_is_missing()
    {
        app.AddVideo("b/1.mp4", length: 1000);
        app.AddVideo("b/x.mp4", length: 500);
        WriteList(
            "b/tasks.json",
            """[{"name":"one","file":"1.mp4","state":"done"},{"name":"two","file":"2.mp4","state":"Done"},{"name":"three","state":"rendering"}]""");

        var batch = Assert.Single((await GetAsync("en")).EnumerateArray());

        Assert.Equal(
            """{"name":"b","videos":2,"ready":2,"bytes":1500,"modifiedAt":"2026-01-02T03:04:06+00:00","expected":3,"present":1,"unlisted":1,"missingCount":2,"missing":[{"name":"two","file":"2.mp4","state":"done","videoState":null},{"name":"three","file":null,"state":"rendering","videoState":null}],"taskListFault":null,"tags":[],"tagFileFault":null}""",
            batch.GetRawText());
    }

    [Fact]
    public async Task A_batch_without_a_list_expects_nothing()
    {
        app.AddVideo("b/1.mp4");
        var batch = Assert.Single((await GetAsync("en")).EnumerateArray());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, 0),
            (batch.GetProperty("expected").ValueKind, batch.GetProperty("taskListFault").ValueKind, batch.GetProperty("missing")
            .GetArrayLength()));
    }

    [Theory]
    [InlineData("en", "line 2 is not valid JSON")]
    [InlineData("zh-CN", "第 2 行不是有效的 JSON")]
    public async Task A_list_that_cannot_be_read_is_named_with_its_line(string language, string text)
    {
        app.AddVideo("b/1.mp4");
        WriteList("b/tasks.json", "[\n{\"name\":");
        var batch = Assert.Single((await GetAsync(language)).EnumerateArray());
        Assert.Equal(JsonValueKind.Null, batch.GetProperty("expected").ValueKind);
        Assert.Equal("json-invalid", batch.GetProperty("taskListFault").GetProperty("code").GetString());
        Assert.Contains(text, batch.GetProperty("taskListFault").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"all":true}""", "b c")]
    [InlineData("""{"batches":["c"]}""", "c")]
    [InlineData("""{"batches":["whole"]}""", "")]
    [InlineData("""{"paths":["b/1.mp4"]}""", "b")]
    [InlineData("""{"query":"whole/1"}""", "")]
    public async Task A_preview_names_what_the_batches_that_it_touches_lack(string selection, string warned)
    {
        foreach (var batch in new[] { "b", "c", "whole" })
        {
            app.AddVideo($"{batch}/1.mp4");
        }

        WriteList("b/tasks.json", """[{"name":"1"},{"name":"2","state":"rendering"}]""");
        WriteList("c/tasks.json", "[");
        WriteList("whole/tasks.json", """[{"name":"1"}]""");
        using var client = app.CreateClient();

        var answer = await client.PostAsJsonAsync("/api/v1/exports/preview", new { selection = JsonDocument.Parse(selection).RootElement });
        var incomplete = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("incompleteBatches").EnumerateArray().ToList();

        Assert.Equal(
            warned, string.Join(' ', incomplete.Select(batch => batch.GetProperty("name").GetString()).Order(StringComparer.Ordinal)));
        Assert.All(incomplete, batch => Assert.True(batch.GetProperty("name").GetString() == "b"
            ? batch.GetProperty("missing")[0].GetProperty("state").GetString() == "rendering" && batch.GetProperty("missingCount")
                .GetInt32() == 1
            : batch.GetProperty("taskListFault").GetProperty("code").GetString() == "json-invalid"));
    }

    [Fact]
    public async Task The_list_is_never_packed()
    {
        app.AddVideo("b/1.mp4");
        WriteList("b/tasks.json", """[{"name":"1"}]""");
        using var client = app.CreateClient();
        var export = await app.ExportAsync(client, new { all = true });
        Assert.Equal(("ready", 1), (export.GetProperty("state").GetString(), export.GetProperty("fileCount").GetInt32()));
    }

    private static readonly string[] TaskListIssues =
    [
        "empty", "too-large", "too-many-tasks", "not-utf8", "not-a-list", "json-invalid", "task-invalid", "csv-header", "csv-invalid",
        "unreadable", "read-failed",
    ];

    private static readonly string[] TagFileIssues =
        ["too-large", "not-utf8", "json-invalid", "not-tags", "tag-invalid", "too-many-tags", "unreadable"];

    [Fact]
    public void Every_issue_and_reason_has_its_text()
    {
        var texts = app.Get<IStringLocalizer<LibraryTexts>>();
        string[] keys =
        [
            .. TaskListIssues.Select(code => $"TaskListFault.{code}"),
            .. TagFileIssues.Select(code => $"TagFileFault.{code}"),
            .. Enum.GetNames<MissingReason>().SelectMany(name => new[] { $"MissingReason.{name}", $"MissingCount.{name}" }),
        ];
        Assert.DoesNotContain(keys, key => texts[key].ResourceNotFound);
    }

    private async Task<JsonElement> GetAsync(string language)
    {
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Add("Accept-Language", language);
        await app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        return (await client.GetFromJsonAsync<JsonElement>("/api/v1/batches")).GetProperty("items");
    }

    private void WriteList(string path, string text) => app.Folder.Write(
        Path.Combine("outputs", path), Encoding.UTF8.GetBytes(text), LongAgo);
}
