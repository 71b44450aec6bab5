using System.IO.Compression;
using System.Text.Json;
using HeyGemExport.Tests.Uploads;

namespace HeyGemExport.Tests.Cli;

/// <summary><c>HeyGemExport pack</c> as a process of its own.</summary>
[Collection(SwiftCollection.Name)]
public sealed class PackCommandTests(SwiftServer server) : IDisposable
{
    private static readonly (string Key, string Value)[] Shell = [("LC_ALL", "C.UTF-8"), ("Library__SettleSeconds", "0")];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SwiftFact]
    public async Task Packs_a_batch_to_a_file_beside_a_running_server()
    {
        var clip = AddVideo("批次/课程 01.mp4");
        AddVideo("other/b.mp4");
        await using var running = await ServerProcess.StartAsync(folder);

        var (code, output, errors) = await RunAsync("pack", "--batch", "批次", "--to", folder["out", "课程.zip"], "--checksums");

        Assert.True(code == 0, errors);
        Assert.EndsWith($"  {folder["out", "课程.zip"]}\n", output, StringComparison.Ordinal);
        await using var zip = await ZipFile.OpenReadAsync(folder["out", "课程.zip"]);
        Assert.Equal(["批次/课程 01.mp4", "manifest.json", "SHA256SUMS"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal(clip.Length, zip.Entries[0].Length);
        Assert.Single(Directory.GetFiles(folder["out"]));
        Assert.Contains("\"total\":0", await running.Client.GetStringAsync("/api/v1/exports"), StringComparison.Ordinal);
    }

    [SwiftFact]
    public async Task Writes_json_splits_and_never_replaces_a_file()
    {
        AddVideo("a.mp4");
        AddVideo("b.mp4", seed: 2);

        var (code, output, errors) = await RunAsync("pack", "--all", "--json", "--max-part-bytes", "150000", "--to", folder["set.zip"]);
        var again = await RunAsync("pack", "--json", "--max-part-bytes", "150000", "--to", folder["set.zip"], "--all");

        Assert.True(code == 0, errors + output);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(2, report.GetProperty("fileCount").GetInt32());
        Assert.Equal(
            [folder["set_part01of02.zip"], folder["set_part02of02.zip"]],
            report.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("address").GetString()));
        Assert.Equal(2, again.Code);
        Assert.Equal("target-exists", JsonDocument.Parse(again.Output).RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [SwiftFact]
    public async Task Packs_straight_into_object_storage_and_leaves_nothing_here()
    {
        AddVideo("a.mp4");
        using var bucket = await TestBucket.CreateAsync(server);

        var (code, output, errors) = await RunAsync(["pack", "--all", "--json", "--to", "s3://store/2026/11", .. Destination(bucket)]);

        Assert.True(code == 0, errors + output);
        var part = JsonDocument.Parse(output).RootElement.GetProperty("parts")[0];
        Assert.StartsWith(
            $"s3://{bucket.Name}/results/2026/11/heygem_batch_result_", part.GetProperty("address").GetString(), StringComparison.Ordinal);
        var keys = await bucket.KeysAsync();
        Assert.Equal(2, keys.Length);
        Assert.Equal(part.GetProperty("sha256").GetString(), await bucket.Sha256Async(keys[0]));
        Assert.EndsWith(".zip.manifest.json", keys[1], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder["temp"]));
    }

    [SwiftFact]
    public async Task Says_by_its_exit_code_what_went_wrong()
    {
        AddVideo("a.mp4");

        Assert.Equal(3, (await RunAsync("pack", "--batch", "nowhere", "--to", folder["a.zip"])).Code);
        Assert.Equal(2, (await RunAsync("pack", "--all")).Code);
        Assert.Equal(2, (await RunAsync("pack", "--all", "--to", folder["a.zip"], "--max-part-bytes", "none")).Code);
        var (code, _, errors) = await RunAsync("pack", "--all", "--to", "s3://nowhere/x");
        Assert.Equal((2, true), (code, errors.Contains("There is no destination nowhere.", StringComparison.Ordinal)));
        Assert.Equal(0, (await RunAsync("pack", "--help")).Code);
    }

    [SwiftFact]
    public async Task Interrupted_it_leaves_nothing_behind()
    {
        Clips.WriteSparseMp4(folder["outputs", "large.mp4"], 10L << 30);
        using var process = ShellProcess.Start(
            folder, Shell, ["pack", "--all", "--compression", "deflate", "--to", folder["out", "large.zip"], "--json"]);
        var output = process.StandardOutput.ReadToEndAsync();
        await Eventually.HoldsAsync(() => File.Exists(folder["out", "large.zip.partial"]));

        process.Interrupt();
        await process.WaitForExitAsync();

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("\"code\":\"cancelled\"", await output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder["out"]));
    }

    [SwiftFact]
    public async Task Streams_what_is_known_to_the_output_without_temp_space()
    {
        var clip = AddVideo("批次/a.mp4");

        // What was packed once is known.
        Assert.Equal(0, (await RunAsync("pack", "--all", "--to", folder["known.zip"])).Code);
        using var process = ShellProcess.Start(folder, Shell, ["pack", "--all", "--instant", "--to", "-"]);
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        using var zip = new ZipArchive(output);
        await using var entry = await zip.GetEntry("批次/a.mp4")!.OpenAsync();
        using var content = new MemoryStream();
        await entry.CopyToAsync(content);
        Assert.Equal(clip, content.ToArray());
        Assert.False(Directory.Exists(folder["temp"]));
    }

    [SwiftFact]
    public async Task Refuses_to_stream_what_it_would_have_to_read_first()
    {
        AddVideo("a.mp4");

        var (code, output, errors) = await RunAsync("pack", "--all", "--instant", "--to", "-", "--json");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("\"code\":\"not-instant\"", errors, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("pack", "--all", "--instant", "--to", folder["a.zip"])).Code);
        Assert.Equal(2, (await RunAsync("pack", "--all", "--to", "-")).Code);
    }

    private string[] Destination(TestBucket bucket) =>
    [
        $"--Delivery:Destinations:store:Endpoint={server.Endpoint}", $"--Delivery:Destinations:store:Bucket={bucket.Name}",
        "--Delivery:Destinations:store:Prefix=results",
        "--Delivery:Destinations:store:ForcePathStyle=true", $"--Delivery:Destinations:store:AccessKeyId={SwiftServer.AccessKey}",
        $"--Delivery:Destinations:store:SecretAccessKey={SwiftServer.Secret}",
    ];

    private byte[] AddVideo(string path, int seed = 1)
    {
        var clip = Clips.Mp4(100_000, seed);
        folder.Write(Path.Combine("outputs", path), clip, new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc));
        return clip;
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        ShellProcess.RunAsync(folder, Shell, arguments);
}
