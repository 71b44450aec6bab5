using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;

namespace HeyGemExport.Tests.Jobs;

public sealed class RecordWatchersTests
{
    private readonly FakeTimeProvider time = new();
    private readonly ExportProgressBoard board;
    private readonly RecordWatchers<string> watchers;
    private string state = "building";
    private int reads;

    public RecordWatchersTests()
    {
        board = new(time);
        watchers = new("exports", board, TimeSpan.FromSeconds(30), time);
        board.Changed += watchers.Look;
    }

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

        await AssertEndsAsync(watch, next);
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
        await AssertEndsAsync(watch, watch.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task A_record_is_read_once_for_all_who_watch_it()
    {
        var watches = Enumerable.Range(0, 10).Select(_ => Watch()).ToList();
        foreach (var watch in watches)
        {
            Assert.True(await watch.MoveNextAsync());
        }

        Assert.Equal(1, reads);
        var next = watches.ConvertAll(watch => watch.MoveNextAsync().AsTask());
        state = "ready";
        watchers.Hear("exports", "id");

        foreach (var (watch, moved) in watches.Zip(next))
        {
            await AssertEndsAsync(watch, moved);
            await watch.DisposeAsync();
        }

        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task What_another_node_tells_of_its_progress_is_shown_without_reading()
    {
        var export = new Export
        {
            Id = "id", State = ExportState.Building, FileCount = 2, TotalBytes = 100, ArchiveName = "a.zip", RequestedBy = "",
            RequestedFrom = "", CreatedAt = time.GetUtcNow(), Options = new PackOptions(), Selection = new Selection(All: true),
        };
        await using var watch = watchers.WatchAsync(
            "id", Read, _ => board.Freshen(export), (seen, found) => seen != found, _ => false, default, default).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();

        watchers.Hear(JobProgress.Topic("exports"), new JobProgress(50, 1, 10).Tell("id"));

        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((50, 1, 10), (watch.Current.DoneBytes, watch.Current.DoneFiles, watch.Current.BytesPerSecond));
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task Without_a_signal_it_is_read_now_and_then_all_the_same()
    {
        await using var watch = Watch();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        state = "ready";

        time.Advance(TimeSpan.FromSeconds(30));

        await AssertEndsAsync(watch, next);
    }

    [Fact]
    public async Task After_signals_may_have_been_missed_all_are_read()
    {
        await using var watch = Watch();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        state = "ready";

        watchers.LookAtAll();

        await AssertEndsAsync(watch, next);
    }

    [Fact]
    public async Task A_database_that_is_away_for_a_while_ends_no_watch()
    {
        var isAway = true;
        await using var watch = Watch(onRead: () => ThrowIf(isAway));

        var first = watch.MoveNextAsync().AsTask();
        await EventuallyReadAsync(1);
        isAway = false;
        await AdvanceUntilAsync(first);
        Assert.Equal("building", watch.Current);
        isAway = true;
        var next = watch.MoveNextAsync().AsTask();
        state = "ready";
        watchers.Look("id");
        await EventuallyReadAsync(3);
        Assert.False(next.IsCompleted);
        isAway = false;

        await AdvanceUntilAsync(next);
        await AssertEndsAsync(watch, next);
    }

    private static async Task AssertEndsAsync(IAsyncEnumerator<string> watch, Task<bool> next)
    {
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("ready", watch.Current);
        Assert.False(await watch.MoveNextAsync());
    }

    private static void ThrowIf(bool isAway)
    {
        if (isAway)
        {
            throw new DatabaseUnavailableException("away");
        }
    }

    private Task EventuallyReadAsync(int times) => Eventually.HoldsAsync(() => Volatile.Read(ref reads) >= times);

    private Task AdvanceUntilAsync(Task<bool> moved) => Eventually.HoldsAsync(() =>
    {
        time.Advance(TimeSpan.FromMilliseconds(500));
        return moved.IsCompleted;
    });

    private Task<string?> Read()
    {
        Interlocked.Increment(ref reads);
        return Task.FromResult<string?>(state);
    }

    private IAsyncEnumerator<string> Watch(Action? onRead = null) => watchers.WatchAsync(
        "id",
        async () =>
        {
            var read = await Read();
            onRead?.Invoke();
            return read;
        },
        read => read,
        (seen, found) => seen != found,
        found => found == "ready",
        CancellationToken.None,
        CancellationToken.None).GetAsyncEnumerator();
}
