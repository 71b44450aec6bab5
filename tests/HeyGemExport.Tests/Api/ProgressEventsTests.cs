using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Api;

namespace HeyGemExport.Tests.Api;

public sealed class ProgressEventsTests : IAsyncLifetime
{
    private readonly HeldApp app = new();
    private HttpClient client = null!;
    private string id = "";

    public async Task InitializeAsync()
    {
        app.AddVideo("a.mp4");
        client = app.CreateClient();
        id = (await (await app.PostExportAsync(client, new { all = true })).Content.ReadFromJsonAsync<JsonElement>()).Id();
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_caller_has_a_number_of_streams_and_one_that_ends_makes_room()
    {
        List<HttpResponseMessage> streams = [];
        for (var count = 0; count < ProgressEvents.MaxStreams; count++)
        {
            streams.Add(await OpenAsync());
        }

        Assert.All(streams, stream => Assert.Equal(HttpStatusCode.OK, stream.StatusCode));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await OpenAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/v1/exports/{id}")).StatusCode);

        streams[0].Dispose();
        await Eventually.HoldsAsync(async () => (await OpenAsync()).StatusCode == HttpStatusCode.OK);
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task HEAD_is_answered_at_once()
    {
        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/api/v1/exports/{id}/events"));

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    private Task<HttpResponseMessage> OpenAsync() =>
        client.GetAsync($"/api/v1/exports/{id}/events", HttpCompletionOption.ResponseHeadersRead);
}
