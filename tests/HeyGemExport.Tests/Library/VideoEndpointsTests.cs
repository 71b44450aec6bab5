using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Library;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Tests.Library;

/// <summary>The library over HTTP, on the real host.</summary>
public sealed class VideoEndpointsTests : IDisposable
{
    private readonly ExportApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Lists_videos_as_the_contract_says()
    {
        Write("batch/a.mp4", ClipBytes.Mp4);
        Write("b.avi", ClipBytes.Avi[..^1]);

        using var answer = await GetJsonAsync("/api/v1/videos");

        var root = answer.RootElement;
        Assert.Equal(
            (2, 1, 50), (root.GetProperty("total").GetInt32(), root.GetProperty("page").GetInt32(), root.GetProperty("pageSize")
            .GetInt32()));
        Assert.Equal(ClipBytes.Mp4.Length + ClipBytes.Avi.Length - 1, root.GetProperty("totalBytes").GetInt64());
        var items = root.GetProperty("items").EnumerateArray()
            .ToDictionary(item => item.GetProperty("path").GetString()!, StringComparer.Ordinal);
        var ready = items["batch/a.mp4"];
        Assert.Equal(
            ("a.mp4", "batch", "ready", null, 12.5, 1280, 720),
            (ready.GetProperty("name").GetString(), ready.GetProperty("batch").GetString(), ready.GetProperty("state").GetString(),
                ready.GetProperty("stateReason").GetString(), ready.GetProperty("durationSeconds").GetDouble(),
                ready.GetProperty("width").GetInt32(), ready.GetProperty("height").GetInt32()));
        Assert.Equal(JsonValueKind.Array, ready.GetProperty("tags").ValueKind);
        Assert.Equal(TimeSpan.Zero, ready.GetProperty("modifiedAt").GetDateTimeOffset().Offset);
        var broken = items["b.avi"];
        Assert.Equal(
            (".", "broken", "cut-short"), (broken.GetProperty("batch").GetString(), broken.GetProperty("state").GetString(),
            broken.GetProperty("stateCode").GetString()));
        Assert.NotEmpty(broken.GetProperty("stateReason").GetString()!);
    }

    [Theory]
    [InlineData("batch=.", 1)]
    [InlineData("batch=batch", 2)]
    [InlineData("batch=nowhere", 0)]
    [InlineData("state=Ready&q=A.MP4", 1)]
    [InlineData("state=broken", 1)]
    [InlineData("batch=&tag=&q=&state=&page=&pageSize=&sort=", 3)]
    [InlineData("pageSize=1000&sort=name", 3)]
    [InlineData("q=%ED%A0%80", 0)]
    public async Task Filters_by_every_part_of_the_query(string query, int total)
    {
        Write("batch/a.mp4", ClipBytes.Mp4);
        Write("batch/b.mp4", [1]);
        Write("c.mkv", ClipBytes.Mkv);

        using var answer = await GetJsonAsync("/api/v1/videos?" + query);

        Assert.Equal(total, answer.RootElement.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("state=done")]
    [InlineData("state=0")]
    [InlineData("state=ready,broken")]
    [InlineData("page=0")]
    [InlineData("page=-1")]
    [InlineData("page=one")]
    [InlineData("page=99999999999")]
    [InlineData("pageSize=0")]
    [InlineData("pageSize=1001")]
    [InlineData("sort=best")]
    public async Task Answers_what_cannot_be_read_with_a_problem_that_names_it(string query)
    {
        using var client = app.CreateClient();
        using var response = await client.GetAsync(new Uri("/api/v1/videos?" + query, UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("bad-request", problem.GetProperty("code").GetString());
        Assert.StartsWith(query.Split('=')[0] + " ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_the_folder_is_missing_instead_of_showing_an_empty_one()
    {
        using var client = app.CreateClient();
        Directory.Delete(app.Outputs, recursive: true);

        using var answer = await GetJsonAsync("/api/v1/videos");

        Assert.Equal("outputs-missing", answer.RootElement.GetProperty("fault").GetProperty("code").GetString());
    }

    private void Write(string path, byte[] content) =>
        app.Folder.Write(Path.Combine("outputs", path), content, TimeProvider.System.GetUtcNow().AddHours(-1).UtcDateTime);

    private async Task<JsonDocument> GetJsonAsync(string address)
    {
        using var client = app.CreateClient();
        await app.Services.GetRequiredService<LibraryIndex>().RefreshAsync(CancellationToken.None);
        await using var stream = await client.GetStreamAsync(new Uri(address, UriKind.Relative));
        return await JsonDocument.ParseAsync(stream);
    }
}
