using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace HeyGemExport.Tests.Faults;

/// <summary>The outputs folder goes, as a share does, and comes back.</summary>
public sealed class OutputsAwayTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_folder_that_is_gone_is_said_everywhere_and_its_return_needs_no_restart()
    {
        await using var app = new ExportApp(folder);
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        await ListsAsync(client, 1);
        Directory.Move(app.Outputs, app.Outputs + ".away");

        await Eventually.HoldsAsync(async () => (await client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        await Eventually.HoldsAsync(async () => (await PageAsync(client)).Contains("Library:OutputsPath", StringComparison.Ordinal));
        var refused = await client.PostAsJsonAsync("/api/v1/exports", new { selection = new { all = true } });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("outputs-unavailable", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());

        Directory.Move(app.Outputs + ".away", app.Outputs);
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.OK);
        await ListsAsync(client, 1);
        Assert.DoesNotContain("Library:OutputsPath", await PageAsync(client), StringComparison.Ordinal);
        await Aftermath.NextExportWorksAsync(client, folder);
        await Aftermath.NothingIsOrphanedAsync(client, folder);
    }

    [MountFact]
    public async Task A_mount_that_is_lost_leaves_an_empty_library_and_its_return_needs_no_restart()
    {
        MountedFolder.Mount(folder["outputs"], "size=16m");
        await using var app = new ExportApp(folder);
        app.AddVideo("a.mp4");
        using var client = app.CreateClient();
        await ListsAsync(client, 1);

        // Lazily: the app may be looking into it.
        Assert.True(MountedFolder.Run("umount", "--lazy", app.Outputs));
        await ListsAsync(client, 0);
        var refused = await client.PostAsJsonAsync("/api/v1/exports", new { selection = new { all = true } });
        Assert.Equal("nothing-selected", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());

        using var back = MountedFolder.Mount(folder["outputs"], "size=16m");
        app.AddVideo("a.mp4");
        app.AddVideo("b.mp4", seed: 2);
        await ListsAsync(client, 2);
        await Aftermath.NextExportWorksAsync(client, folder);
        await app.DisposeAsync();
    }

    private static Task ListsAsync(HttpClient client, int count) => Eventually.HoldsAsync(async () =>
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/videos")).GetProperty("total").GetInt32() == count);

    private static async Task<string> PageAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.ParseAdd("text/html");
        return await (await client.SendAsync(request)).Content.ReadAsStringAsync();
    }
}
