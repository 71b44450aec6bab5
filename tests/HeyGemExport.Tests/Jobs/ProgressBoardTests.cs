using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Jobs;

public sealed class ProgressBoardTests
{
    private readonly ExportProgressBoard board = new(new FakeTimeProvider());
    private string state = "building";

    [Fact]
    public async Task Whoever_watches_a_record_learns_of_its_end_at_once()
    {
        await using var watch = Watch();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();

        // The clock stands still, so nothing but the end of the run can wake the watcher.
        state = "ready";
        board.End("another");
        Assert.False(next.IsCompleted);
        board.End("id");

        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("ready", watch.Current);
        Assert.False(await watch.MoveNextAsync());
    }

    [Fact]
    public async Task A_change_while_the_record_is_being_read_is_not_missed()
    {
        await using var watch = Watch(onRead: () =>
        {
            board.End("id");
            state = "ready";
        });

        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("building", watch.Current);
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("ready", watch.Current);
    }

    private IAsyncEnumerator<string> Watch(Action? onRead = null) => board.WatchAsync(
        "id",
        _ =>
        {
            var read = state;
            onRead?.Invoke();
            return Task.FromResult<string?>(read);
        },
        (seen, found) => seen != found,
        found => found == "ready",
        CancellationToken.None,
        CancellationToken.None).GetAsyncEnumerator();
}
