using System.IO.Compression;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace HeyGemExport.Tests.Faults;

/// <summary>What must hold after every fault, whichever it was.</summary>
internal static class Aftermath
{
    private static readonly DateTime Settled = new(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc);

    /// <summary>Asks for an export and gives its id.</summary>
    public static async Task<string> RequestAsync(HttpClient client, object selection, string compression = "store")
    {
        var response = await client.PostAsJsonAsync("/api/v1/exports", new { selection, options = new { compression } });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.IdAsync();
    }

    /// <summary>The export as the API has it now.</summary>
    public static Task<JsonElement> FindAsync(HttpClient client, string id) =>
        client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}");

    /// <summary>Asks for an export of one large video, and waits until bytes of it are being packed: there are seconds left, on whatever
    /// processor.</summary>
    public static async Task<string> BuildingAsync(HttpClient client, TempFolder folder, long bytes = 1200L << 20)
    {
        Clips.WriteSparseMp4(folder["outputs", "large", "a.mp4"], bytes);
        var id = await RequestAsync(client, new { batches = new[] { "large" } }, "deflate");
        await Eventually.HoldsAsync(async () =>
        {
            var export = await FindAsync(client, id);
            Assert.True(export.State() is "queued" or "building", $"The export went on to {export.State()} before the test could act.");
            return export.GetProperty("doneBytes").GetInt64() > 0;
        });
        return id;
    }

    /// <summary>The export failed with a code, says what to do, names these files (<c>path reason</c>), is in the run log and left
    /// nothing.</summary>
    public static async Task FailedAsync(HttpClient client, TempFolder folder, string id, string code, params string[] files)
    {
        var export = await ExportApp.EndOfAsync(client, id);
        Assert.True(export.State() == "failed", export.ToString());
        var error = export.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEqual("", error.GetProperty("message").GetString());
        Assert.NotEqual("", error.GetProperty("remedy").GetString());
        if (files.Length > 0)
        {
            Assert.Equal(files, error.GetProperty("files").EnumerateArray()
                .Select(file => $"{file.GetProperty("path").GetString()} {file.GetProperty("reason").GetString()}"));
        }

        Assert.Contains(await RunLogAsync(folder), line => line.Contains("[ERROR] 打包失败: ", StringComparison.Ordinal)
            && line.Contains(id, StringComparison.Ordinal));
        NothingIsLeft(folder);
    }

    /// <summary>No partial file, and no archive that no ready export owns.</summary>
    public static void NothingIsLeft(TempFolder folder) => Assert.Empty(PartialFiles(folder));

    public static string[] PartialFiles(TempFolder folder) => Directory.Exists(folder["temp"])
        ? Directory.GetFiles(folder["temp"], "*.partial", SearchOption.AllDirectories) : [];

    /// <summary>No record says that someone works on it, and every archive in the temp directory is that of a ready export.</summary>
    public static async Task NothingIsOrphanedAsync(HttpClient client, TempFolder folder)
    {
        var exports = (await client.GetFromJsonAsync<JsonElement>("/api/v1/exports?pageSize=1000")).GetProperty("items").EnumerateArray()
            .ToList();
        Assert.DoesNotContain(exports, export => export.State() is "queued" or "building" or "verifying");
        var owned = exports.Where(export => export.State() == "ready").Select(export => export.GetProperty("archiveName").GetString());
        Assert.Equal(
            owned.Order(StringComparer.Ordinal),
            Directory.GetFiles(folder["temp"], "*.zip*", SearchOption.AllDirectories).Select(Path.GetFileName)
                .Order(StringComparer.Ordinal));
    }

    /// <summary>Packs and downloads a video that was not there before.</summary>
    public static async Task NextExportWorksAsync(HttpClient client, TempFolder folder)
    {
        var path = $"next/{Guid.NewGuid():N}.mp4";
        folder.Write("outputs/" + path, Clips.Mp4(seed: path.GetHashCode(StringComparison.Ordinal)), Settled);
        var id = await RequestAsync(client, new { paths = new[] { path } });
        await NextExportEndedWellAsync(client, folder, id);
    }

    /// <summary>The export is ready, and its download holds what its sources hold.</summary>
    public static async Task NextExportEndedWellAsync(HttpClient client, TempFolder folder, string id)
    {
        var export = await ExportApp.EndOfAsync(client, id);
        Assert.True(export.State() == "ready", export.ToString());
        var archive = folder[$"downloaded-{id}.zip"];
        await using (var body = await client.GetStreamAsync(export.GetProperty("downloadUrl").GetString()))
        {
            await using var file = File.Create(archive);
            await body.CopyToAsync(file);
        }

        await HoldsItsSourcesAsync(archive, folder, export.GetProperty("fileCount").GetInt32());
        File.Delete(archive);
    }

    /// <summary>Every entry of the archive is byte for byte its source, and there are as many as were promised.</summary>
    public static async Task HoldsItsSourcesAsync(string archivePath, TempFolder folder, int fileCount)
    {
        await using var archive = await ZipFile.OpenReadAsync(archivePath);
        Assert.Equal(fileCount, archive.Entries.Count);
        foreach (var entry in archive.Entries)
        {
            await using var packed = await entry.OpenAsync();
            await using var source = File.OpenRead(folder["outputs", entry.FullName]);
            Assert.Equal(source.Length, entry.Length);
            Assert.Equal(await SHA256.HashDataAsync(source), await SHA256.HashDataAsync(packed));
        }
    }

    public static async Task<string[]> RunLogAsync(TempFolder folder)
    {
        await using var log =
            new FileStream(folder["logs", "运行实时日志.log"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(log);
        return (await reader.ReadToEndAsync()).Split('\n');
    }
}
