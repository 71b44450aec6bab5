using System.Net.Http.Json;
using System.Text.Json;

namespace HeyGemExport.Tests.Shares;

/// <summary>A ready export, and links to it.</summary>
internal static class SharedExport
{
    /// <summary>Packs everything there is; the export's id.</summary>
    public static async Task<string> PackAsync(this HeldApp app, HttpClient client, object? options = null)
    {
        var id = (await (await app.PostExportAsync(client, new { all = true }, options)).Content.ReadFromJsonAsync<JsonElement>()).Id();
        await app.RunAsync(id);
        return id;
    }

    /// <summary>Makes a link; what the API answered.</summary>
    public static async Task<JsonElement> ShareAsync(this HttpClient client, string export, object? request = null)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/exports/{export}/shares", request ?? new { });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The address of a link that was just made.</summary>
    public static string Address(this JsonElement share) => new Uri(share.GetProperty("url").GetString()!).AbsolutePath;
}
