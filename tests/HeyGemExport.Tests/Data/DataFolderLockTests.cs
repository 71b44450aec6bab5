namespace HeyGemExport.Tests.Data;

public sealed class DataFolderLockTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_second_server_over_the_same_SQLite_folder_does_not_start_and_the_first_one_works_on()
    {
        await using var first = await ServerProcess.StartAsync(folder);

        var refused = await ServerProcess.FailToStartAsync(folder);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(folder["data"], refused.Errors, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("ok", await first.Client.GetStringAsync("/healthz/live") is { Length: > 0 } ? "ok" : "");
    }

    [Fact]
    public async Task A_server_that_was_killed_leaves_the_folder_free()
    {
        await using (var first = await ServerProcess.StartAsync(folder))
        {
            await first.KillAsync();
        }

        await using var next = await ServerProcess.StartAsync(folder);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await next.Client.GetAsync("/healthz/live")).StatusCode);
    }
}
