using System.IO.Compression;
using System.Net;
using System.Text;
using HeyGemExport.Tests.Shares;

namespace HeyGemExport.Tests.Exports;

/// <summary>What somebody or something does to the file of an archive after it was verified.</summary>
public sealed class ArchiveIdentityTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private byte[] video = [];
    private byte[] whole = [];
    private string id = "";
    private string path = "";

    public async Task InitializeAsync()
    {
        await using var app = new HeldApp(folder);
        video = app.AddVideo("a.mp4", 200_000);
        using var client = app.CreateClient();
        id = await app.PackAsync(client);
        path = Assert.Single(app.TempFiles);
        whole = await client.GetByteArrayAsync($"/exports/{id}/download");
    }

    public Task DisposeAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }

    public static TheoryData<string, bool> Damages
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var damage in new[]
            {
                "truncated", "zeroed", "appended", "one byte, times put back", "another file", "link", "pipe", "folder",
            })
            {
                data.Add(damage, true);
                data.Add(damage, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Is_never_handed_over_but_built_again_and_audited(string damage, bool whileRunning)
    {
        var secret = folder.Write("secret", Encoding.UTF8.GetBytes("secret"));
        if (!whileRunning)
        {
            Do(damage, secret);
        }

        await using var app = new HeldApp(folder);
        using var client = app.CreateClient();
        if (whileRunning)
        {
            using var before = await client.GetAsync($"/exports/{id}/download");
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
            Do(damage, secret);
        }

        using var answer = await client.GetAsync($"/exports/{id}/download");
        if (damage is "folder")
        {
            Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
            return;
        }

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("queued", await client.StateAsync(id));
        await app.RunAsync(id);

        using var archive = new ZipArchive(await client.GetStreamAsync($"/exports/{id}/download"));
        using var content = new MemoryStream();
        await using (var entry = archive.GetEntry("a.mp4")!.Open())
        {
            await entry.CopyToAsync(content);
        }

        Assert.Equal(video, content.ToArray());
        Assert.Equal("secret", await File.ReadAllTextAsync(secret));
        Assert.Equal(id, Assert.Single(await client.AuditAsync("archive-changed")).GetProperty("exportId").GetString());
    }

    [Fact]
    public async Task A_copy_with_the_same_bytes_is_verified_and_handed_over_as_it_is()
    {
        File.Copy(path, path + ".copy");
        File.Move(path + ".copy", path, overwrite: true);
        await using var app = new HeldApp(folder);
        using var client = app.CreateClient();
        Assert.Equal(HttpStatusCode.Conflict, (await client.GetAsync($"/exports/{id}/download")).StatusCode);

        await app.RunAsync(id);

        Assert.Equal(whole, await client.GetByteArrayAsync($"/exports/{id}/download"));
        Assert.Equal(2, (await client.AuditAsync("export-ready")).Count);
    }

    private void Do(string damage, string secret)
    {
        var modified = File.GetLastWriteTimeUtc(path);
        switch (damage)
        {
            case "truncated":
                File.WriteAllBytes(path, whole[..^1000]);
                break;
            case "zeroed":
                File.WriteAllBytes(path, new byte[whole.Length]);
                break;
            case "appended":
                File.AppendAllText(path, "more");
                break;
            case "one byte, times put back":
                using (var file = File.Open(path, FileMode.Open))
                {
                    file.Position = 1000;
                    file.WriteByte((byte)(whole[1000] ^ 1));
                }

                File.SetLastWriteTimeUtc(path, modified);
                break;
            case "another file":
                File.Delete(path);
                File.WriteAllBytes(path, new byte[whole.Length]);
                File.SetLastWriteTimeUtc(path, modified);
                break;
            case "link":
                File.Delete(path);
                File.CreateSymbolicLink(path, secret);
                break;
            case "pipe":
                File.Delete(path);
                Assert.True(MountedFolder.Run("mkfifo", path));
                break;
            default:
                File.Delete(path);
                Directory.CreateDirectory(path);
                break;
        }
    }
}
