namespace HeyGemExport.Tests.Faults;

/// <summary>What happens to a video while it is being read.</summary>
public sealed class SourceFaultTests : IDisposable
{
    private const string First = "a/first.mp4";

    private readonly HeldApp app = new();

    public void Dispose() => app.Dispose();

    [Theory]
    [InlineData("deleted", "source-vanished", "vanished")]
    [InlineData("truncated", "source-changed", "changed")]
    [InlineData("appended", "source-changed", "changed")]
    [InlineData("replaced", "source-changed", "changed")]
    [InlineData("swapped for a link", "source-unreadable", "link")]
    public async Task A_video_that_is_touched_while_it_is_read_fails_the_export_and_is_named(string fault, string code, string reason)
    {
        var first = Path.Combine(app.Outputs, First);
        Clips.WriteSparseMp4(first, MidRead.Bytes);
        app.AddVideo("b/second.mp4");
        using var client = app.CreateClient();
        var id = await Aftermath.RequestAsync(client, new { all = true });

        await MidRead.RunAsync(app, id, () => Touch(first, fault));

        await Aftermath.FailedAsync(client, app.Folder, id, code, $"{First} {reason}");

        // For ops, also in what way it changed.
        var logged = $"{First}: {reason}" + (reason is "changed" ? " (" : "");
        Assert.Contains(await Aftermath.RunLogAsync(app.Folder), line => line.Contains(logged, StringComparison.Ordinal));
        await NextExportWorksAsync(client);
    }

    [Fact]
    public async Task A_folder_of_videos_that_goes_away_while_it_is_read_fails_the_export_and_names_each()
    {
        Clips.WriteSparseMp4(Path.Combine(app.Outputs, First), MidRead.Bytes);
        app.AddVideo("a/second.mp4");
        app.AddVideo("b/third.mp4");
        using var client = app.CreateClient();
        var id = await Aftermath.RequestAsync(client, new { all = true });

        await MidRead.RunAsync(app, id, () => Directory.Move(app.Outputs, app.Outputs + ".away"));

        await Aftermath.FailedAsync(client, app.Folder, id, "source-vanished", $"{First} vanished", "a/second.mp4 vanished",
            "b/third.mp4 vanished");
        Directory.Move(app.Outputs + ".away", app.Outputs);
        await NextExportWorksAsync(client);
    }

    /// <summary>The engine is held: the next export is run by hand as well.</summary>
    private async Task NextExportWorksAsync(HttpClient client)
    {
        app.AddVideo("next.mp4", seed: 77);
        var id = await Aftermath.RequestAsync(client, new { paths = new[] { "next.mp4" } });
        await app.RunAsync(id);
        await Aftermath.NextExportEndedWellAsync(client, app.Folder, id);
        await Aftermath.NothingIsOrphanedAsync(client, app.Folder);
    }

    private static void Touch(string path, string fault)
    {
        switch (fault)
        {
            case "deleted":
                File.Delete(path);
                break;
            case "truncated":
                using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    file.SetLength(MidRead.Bytes / 2);
                }

                break;
            case "appended":
                using (var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
                {
                    file.Write([1]);
                }

                break;
            case "replaced":
                Clips.WriteSparseMp4(path + ".new", MidRead.Bytes);
                File.Move(path + ".new", path, overwrite: true);
                break;
            default:
                Clips.WriteSparseMp4(path + ".target", MidRead.Bytes);
                File.Delete(path);
                File.CreateSymbolicLink(path, path + ".target");
                break;
        }
    }
}
