using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Tests.Faults;
using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.Exports;

/// <summary>What happens to an archive after it is ready: its sum, and its way to the disk.</summary>
public sealed class ArchiveCompletionTests : IDisposable
{
    private readonly HeldApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task An_archive_is_handed_over_before_its_sum_is_known_and_keeps_its_tag()
    {
        using var client = app.CreateClient();
        var id = await PackAsync(client);

        var before = await client.GetAsync($"/exports/{id}/download");
        var export = await Aftermath.FindAsync(client, id);
        Assert.Equal("ready", export.State());
        Assert.Equal(JsonValueKind.Null, export.GetProperty("archiveSha256").ValueKind);
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.False(before.Headers.Contains("Repr-Digest"));

        await app.Get<ArchiveCompletion>().RunAsync(CancellationToken.None);

        var after = await client.GetAsync($"/exports/{id}/download");
        var sum = SHA256.HashData(await after.Content.ReadAsByteArrayAsync());
        export = await Aftermath.FindAsync(client, id);
        Assert.Equal(Convert.ToHexStringLower(sum), export.GetProperty("archiveSha256").GetString());
        Assert.Equal($"sha-256=:{Convert.ToBase64String(sum)}:", after.Headers.GetValues("Repr-Digest").Single());
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task Events_tell_that_the_export_is_ready_and_then_its_sum()
    {
        using var client = app.CreateClient();
        var id = await PackAsync(client);
        using var response = await client.GetAsync($"/api/v1/exports/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal(JsonValueKind.Null, (await NextAsync(events)).GetProperty("archiveSha256").ValueKind);
        await app.Get<ArchiveCompletion>().RunAsync(CancellationToken.None);
        var last = await NextAsync(events);

        Assert.Equal("ready", last.State());
        Assert.Equal(64, last.GetProperty("archiveSha256").GetString()!.Length);
        Assert.Equal("", (await events.ReadToEndAsync()).Trim());
    }

    [LinuxTheory]
    [InlineData("zeroed")]
    [InlineData("one bit")]
    [InlineData("cut short")]
    [InlineData("appended")]
    [InlineData("gone")]
    public async Task An_archive_that_a_power_loss_damaged_is_never_served_and_packed_anew(string damage)
    {
        using var client = app.CreateClient();
        var id = await PackAsync(client);
        var before = await client.GetAsync($"/exports/{id}/download");
        var archive = Assert.Single(app.TempFiles);
        Damage(archive, damage);
        await LosePowerAsync(id);

        Assert.Equal(HttpStatusCode.Conflict, (await client.GetAsync($"/exports/{id}/download")).StatusCode);
        await app.Get<ExportUpkeep>().RunAsync(CancellationToken.None);
        Assert.Equal("queued", (await Aftermath.FindAsync(client, id)).State());
        Assert.Equal(HttpStatusCode.Conflict, (await client.GetAsync($"/exports/{id}/download")).StatusCode);
        await app.RunAsync(id);

        await Aftermath.NextExportEndedWellAsync(client, app.Folder, id);
        Assert.Contains(await Aftermath.RunLogAsync(app.Folder), line => line.Contains("压缩包损坏或丢失", StringComparison.Ordinal));

        // A client that resumes must not get the rest of another archive.
        Assert.NotEqual(before.Headers.ETag, (await client.GetAsync($"/exports/{id}/download")).Headers.ETag);
    }

    [LinuxTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_archive_that_came_through_a_power_loss_is_served_as_it_is(bool withEverything)
    {
        using var client = app.CreateClient();
        var id = await PackAsync(
            client, withEverything ? new { checksums = true, metadataCsv = true, leaveOutFailing = true, maxPartBytes = 200_000 } : null);
        var archives = app.TempFiles.ToDictionary(path => path, File.ReadAllBytes);
        await LosePowerAsync(id);
        await app.Get<ExportUpkeep>().RunAsync(CancellationToken.None);
        await app.RunAsync(id);

        Assert.Equal("ready", (await ExportApp.EndOfAsync(client, id)).State());
        Assert.Equal(withEverything, archives.Count > 1);
        Assert.All(archives, archive => Assert.Equal(archive.Value, File.ReadAllBytes(archive.Key)));
        Assert.Contains(await Aftermath.RunLogAsync(app.Folder), line => line.Contains("压缩包完好", StringComparison.Ordinal));
    }

    [LinuxFact]
    public async Task An_archive_that_is_on_the_disk_is_not_looked_at_again()
    {
        using var client = app.CreateClient();
        var id = await PackAsync(client);
        await app.Get<ArchiveCompletion>().RunAsync(CancellationToken.None);
        await LosePowerAsync(id);
        await app.Get<ExportUpkeep>().RunAsync(CancellationToken.None);

        Assert.Equal("ready", (await Aftermath.FindAsync(client, id)).State());
    }

    private static async Task<JsonElement> NextAsync(StreamReader events)
    {
        while (await events.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]);
            }
        }

        throw new EndOfStreamException();
    }

    private static void Damage(string archive, string damage)
    {
        if (damage is "gone")
        {
            File.Delete(archive);
            return;
        }

        using var file = new FileStream(archive, FileMode.Open, FileAccess.ReadWrite);
        switch (damage)
        {
            case "zeroed":
                file.Write(new byte[file.Length]);
                break;
            case "one bit":
                file.Position = file.Length / 2;
                var value = file.ReadByte();
                file.Position--;
                file.WriteByte((byte)(value ^ 1));
                break;
            case "cut short":
                file.SetLength(file.Length - 1);
                break;
            default:
                file.Position = file.Length;
                file.WriteByte(0);
                break;
        }
    }

    /// <summary>Packs, and leaves what follows to the test.</summary>
    private async Task<string> PackAsync(HttpClient client, object? options = null)
    {
        app.AddVideo("批次/a.mp4", seed: 1);
        app.AddVideo("批次/b.mp4", seed: 2);
        app.AddVideo("c.mp4", length: 100_000, seed: 3);
        var response = await app.PostExportAsync(client, new { all = true }, options);
        var id = await response.IdAsync();
        await app.Get<ExportJob>().RunAsync(id, CancellationToken.None);
        return id;
    }

    /// <summary>The machine of the record was started again since.</summary>
    private Task<int> LosePowerAsync(string id) => app.Get<Database>().ExecuteAsync(
        "UPDATE exports SET unflushed_boot = 'another' WHERE id = @id AND unflushed_boot IS NOT NULL", new { id }, CancellationToken.None);
}
