using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using HeyGemExport.Library;
using HeyGemExport.Library.Fingerprints;

namespace HeyGemExport.Tests.Exports;

/// <summary>A host whose videos have fingerprints, so that archives of them need not be packed.</summary>
public abstract class InstantTest : IDisposable
{
    private readonly TempFolder folder = new();

    protected InstantTest() => App = new ExportApp(folder);

    protected ExportApp App { get; }

    public void Dispose()
    {
        App.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static JsonObject Instant(object? more = null)
    {
        var options = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        options["delivery"] = "instant";
        return options;
    }

    protected static Dictionary<string, byte[]> Entries(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return zip.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var content = new MemoryStream();
                using var stream = entry.Open();
                stream.CopyTo(content);
                return content.ToArray();
            },
            StringComparer.Ordinal);
    }

    protected static Task<byte[]> DownloadAsync(HttpClient client, string id) => client.GetByteArrayAsync($"/exports/{id}/download");

    /// <summary>Until its sum is known, a job reads its videos, too.</summary>
    protected static Task<JsonElement> EndOfSumAsync(HttpClient client, string id) => ExportApp.EndOfAsync(client, id);

    /// <summary>New videos, and their fingerprints.</summary>
    protected async Task<Dictionary<string, byte[]>> AddKnownAsync(params (string Path, int Bytes)[] videos)
    {
        Dictionary<string, byte[]> clips = new(StringComparer.Ordinal);
        _ = App.Get<LibraryIndex>();
        foreach (var (path, bytes) in videos)
        {
            clips[path] = Clips.Mp4(bytes, bytes + clips.Count);
            App.Folder.Write(Path.Combine("outputs", path), clips[path], TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1));
        }

        await App.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        await Eventually.HoldsAsync(async () =>
        {
            await App.Get<FingerprintJob>().RunAsync(CancellationToken.None);
            return (await App.Get<FingerprintStore>().FindAsync(clips.Keys, CancellationToken.None)).Count == clips.Count;
        });
        return clips;
    }

    protected async Task<string> RequestAsync(HttpClient client, object selection, object options)
    {
        var response = await App.PostExportAsync(client, selection, options);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.IdAsync();
    }
}
