using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using HeyGemExport.Audit;

namespace HeyGemExport.Testing;

/// <summary>What tests read from the API's answers again and again.</summary>
internal static class ApiAnswers
{
    public static string Id(this JsonElement item) => item.GetProperty("id").GetString()!;

    public static string State(this JsonElement item) => item.GetProperty("state").GetString()!;

    /// <summary>The id of what an answer describes.</summary>
    public static async Task<string> IdAsync(this HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>())
        .Id();

    /// <summary>The state of an export.</summary>
    public static async Task<string> StateAsync(this HttpClient client, string id) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).State();

    /// <summary>The audit trail's records of one action, the newest first.</summary>
    public static async Task<List<JsonElement>> AuditAsync(this HttpClient client, string action) =>
        [.. (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=" + action)).GetProperty("items").EnumerateArray()];

    /// <summary>The actions in the audit trail, the newest last.</summary>
    public static async Task<string[]> ActionsAsync(this HttpClient client) =>
        [.. (await client.AuditRecordsAsync()).Select(record => record.Action).Reverse()];

    /// <param name="query">With its question mark.</param>
    internal static async Task<IReadOnlyList<AuditRecord>> AuditRecordsAsync(this HttpClient client, string query = "") =>
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit" + query)).GetProperty("items")
            .Deserialize<IReadOnlyList<AuditRecord>>(JsonSerializerOptions.Web)!;

    /// <summary>Follows the events of an export or a delivery until it has ended; its last figures.</summary>
    public static async Task<JsonElement> LastEventAsync(this HttpClient client, string address)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var events = await client.GetStreamAsync(address, timeout.Token);
        JsonElement last = default;
        await foreach (var item in SseParser.Create(events).EnumerateAsync(timeout.Token))
        {
            Assert.Equal("progress", item.EventType);
            last = JsonDocument.Parse(item.Data).RootElement;
        }

        return last;
    }
}
