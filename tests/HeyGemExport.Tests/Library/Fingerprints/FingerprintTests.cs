using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using HeyGemExport.FileSystem;
using HeyGemExport.Library;
using HeyGemExport.Library.Fingerprints;
using HeyGemExport.Tests.Faults;

namespace HeyGemExport.Tests.Library.Fingerprints;

/// <summary>What is known of a video before it is packed, and what packing makes of it.</summary>
public sealed class FingerprintTests : IDisposable
{
    private const string Path = "批次/a.mp4";

    private readonly HeldApp app = new();

    private string FullPath => System.IO.Path.Combine(app.Outputs, Path);

    public void Dispose() => app.Dispose();

    [LinuxFact]
    public async Task A_video_that_has_just_been_finished_is_read_in_the_background()
    {
        _ = app.Get<LibraryIndex>();
        var clip = AddNew(Path);
        await ScanAsync();

        Assert.Equal(1, app.Get<HotVideos>().Count);
        await ReadHotAsync();

        var known = (await FindAsync())!;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(clip)), known.Sha256);
        Assert.Equal(Crc32.HashToUInt32(clip), known.Crc32);
        Assert.Equal(new FileInfo(FullPath).LastWriteTimeUtc, known.ModifiedAt.UtcDateTime);
        Assert.Equal(0, app.Get<HotVideos>().Count);
    }

    [LinuxFact]
    public async Task A_copy_with_the_time_of_its_original_is_read_too()
    {
        AddNew("b.mp4");
        await ScanAsync();
        app.AddVideo(Path);
        await ScanAsync();
        await ReadHotAsync();

        Assert.NotNull(await FindAsync());
    }

    [LinuxFact]
    public async Task An_old_library_is_never_read_through()
    {
        app.AddVideo(Path);
        await ScanAsync();
        await ReadHotAsync();

        Assert.Null(await FindAsync());
    }

    [LinuxFact]
    public async Task Nothing_is_read_when_it_is_switched_off()
    {
        app.Settings["Library:FingerprintHours"] = "0";
        AddNew(Path);
        await ScanAsync();
        await ReadHotAsync();

        Assert.Null(await FindAsync());
    }

    [LinuxFact]
    public async Task Reading_waits_while_an_export_is_packed()
    {
        AddNew(Path);
        await ScanAsync();
        Task reading;
        using (app.Get<HotVideos>().Pause())
        {
            reading = ReadHotAsync();
            await Eventually.HoldsAsync(() => app.Get<HotVideos>().Count == 1);
            Assert.False(reading.IsCompleted);
            Assert.Null(await FindAsync());
        }

        await reading;
        Assert.NotNull(await FindAsync());
    }

    /// <summary>A wrong SHA-256 that nobody notices shows that none was computed.</summary>
    [LinuxFact]
    public async Task A_known_video_is_packed_without_hashing()
    {
        var clip = AddNew(Path);
        var planted = new string('a', 64);
        await PlantAsync(planted, Crc32.HashToUInt32(clip));

        var sums = await ChecksumsAsync(await PackAsync());

        Assert.Contains($"{planted}  {Path}", sums, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("mode")]
    [InlineData("renamed away and back")]
    [InlineData("replaced by a copy")]
    public async Task Any_change_of_the_file_has_it_hashed_again(string change)
    {
        var clip = AddNew(Path);
        await PlantAsync(Convert.ToHexStringLower(SHA256.HashData(clip)), Crc32.HashToUInt32(clip), identity: "1:2:3.4");
        Change(change);
        var before = (await FindAsync())!;

        var sums = await ChecksumsAsync(await PackAsync());

        Assert.Contains($"{Convert.ToHexStringLower(SHA256.HashData(clip))}  {Path}", sums, StringComparison.Ordinal);
        var after = (await FindAsync())!;
        Assert.NotEqual(before.Identity, after.Identity);
        Assert.Equal(before.Sha256, after.Sha256);
    }

    [LinuxFact]
    public async Task What_was_packed_is_known_from_then_on()
    {
        var clip = app.AddVideo(Path);
        await PackAsync();

        var known = (await FindAsync())!;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(clip)), known.Sha256);
        Assert.Equal(OutputsRoot.Identify(File.OpenHandle(FullPath))!.Content, known.Identity);
    }

    [LinuxTheory]
    [InlineData(0)]
    [InlineData(30_000)]
    [InlineData(-1)]
    public async Task A_byte_that_changed_on_the_disk_since_the_video_was_finished_is_a_fault_of_its_own(int at)
    {
        AddNew(Path);
        await ScanAsync();
        await ReadHotAsync();
        var time = File.GetLastWriteTimeUtc(FullPath);
        await using (var file = new FileStream(FullPath, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Seek(at, at < 0 ? SeekOrigin.End : SeekOrigin.Begin);
            var value = file.ReadByte();
            file.Seek(-1, SeekOrigin.Current);
            file.WriteByte((byte)(value ^ 4));
        }

        File.SetLastWriteTimeUtc(FullPath, time);
        using var client = app.CreateClient();
        var id = await Aftermath.RequestAsync(client, new { paths = new[] { Path } }, "auto");
        await app.RunAsync(id);

        await Aftermath.FailedAsync(client, app.Folder, id, "source-corrupted", $"{Path} corrupted");
    }

    /// <summary>Nothing tells of decay on the disk: no time moves, and the change time of the file neither.</summary>
    [LinuxTheory]
    [InlineData("store")]
    [InlineData("deflate")]
    public async Task A_source_that_decayed_without_a_trace_is_found(string compression)
    {
        AddNew(Path);
        await PlantAsync(new string('a', 64), crc32: 0x12345678);
        using var client = app.CreateClient();
        var id = await Aftermath.RequestAsync(client, new { paths = new[] { Path } }, compression);
        await app.RunAsync(id);

        await Aftermath.FailedAsync(client, app.Folder, id, "source-corrupted", $"{Path} corrupted");
    }

    [LinuxFact]
    public async Task Videos_whose_content_is_lost_can_be_left_out()
    {
        AddNew(Path);
        AddNew("good.mp4");
        await PlantAsync(new string('a', 64), crc32: 0x12345678);
        using var client = app.CreateClient();
        var response = await app.PostExportAsync(client, new { all = true }, new { leaveOutFailing = true });
        var id = await response.IdAsync();
        await app.RunAsync(id);

        var export = await ExportApp.EndOfAsync(client, id);
        Assert.Equal("ready", export.State());
        Assert.Equal("corrupted", export.GetProperty("leftOut").EnumerateArray().Single().GetProperty("reason").GetString());
    }

    /// <summary>Moves it in with its time, so that no scan sees it in between.</summary>
    private byte[] AddNew(string path)
    {
        var clip = Clips.Mp4(seed: path.Length);
        var written = app.Folder.Write("new.mp4", clip, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1));
        var target = System.IO.Path.Combine(app.Outputs, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        File.Move(written, target);
        return clip;
    }

    private void Change(string change)
    {
        switch (change)
        {
            case "mode" when !OperatingSystem.IsWindows():
                File.SetUnixFileMode(FullPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                break;
            case "renamed away and back":
                File.Move(FullPath, FullPath + ".away");
                File.Move(FullPath + ".away", FullPath);
                break;
            default:
                var time = File.GetLastWriteTimeUtc(FullPath);
                File.Copy(FullPath, FullPath + ".copy");
                File.SetLastWriteTimeUtc(FullPath + ".copy", time);
                File.Move(FullPath + ".copy", FullPath, overwrite: true);
                break;
        }
    }

    private async Task PlantAsync(string sha256, uint crc32, string? identity = null)
    {
        using var file = File.OpenHandle(FullPath);
        identity ??= OutputsRoot.Identify(file)!.Content;
        var modified = new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero);
        await app.Get<FingerprintStore>().KeepAsync(
            [new(Path, RandomAccess.GetLength(file), modified, identity, sha256, crc32)], CancellationToken.None);
    }

    private async Task<string> PackAsync()
    {
        using var client = app.CreateClient();
        var response = await app.PostExportAsync(client, new { paths = new[] { Path } }, new { checksums = true });
        var id = await response.IdAsync();
        await app.RunAsync(id);
        return (await ExportApp.EndOfAsync(client, id)).GetProperty("id").GetString()!;
    }

    private async Task<string> ChecksumsAsync(string id)
    {
        using var client = app.CreateClient();
        using var zip = new System.IO.Compression.ZipArchive(await client.GetStreamAsync($"/exports/{id}/download"));
        await using var list = await zip.GetEntry("SHA256SUMS")!.OpenAsync();
        using var reader = new StreamReader(list, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private Task<LibrarySnapshot> ScanAsync() => app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);

    private Task ReadHotAsync() => app.Get<FingerprintJob>().RunAsync(CancellationToken.None);

    private async Task<Fingerprint?> FindAsync() =>
        (await app.Get<FingerprintStore>().FindAsync([Path], CancellationToken.None)).GetValueOrDefault(Path);
}
