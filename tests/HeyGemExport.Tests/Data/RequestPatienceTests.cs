using HeyGemExport.Data;
using Microsoft.AspNetCore.Http;

namespace HeyGemExport.Tests.Data;

public sealed class RequestPatienceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider time = new();
    private readonly HttpContextAccessor requests = new() { HttpContext = new DefaultHttpContext() };
    private readonly RequestPatience patience;

    public RequestPatienceTests() => patience = new(requests, Limit, time);

    [Fact]
    public async Task A_request_gives_up_after_the_limit_and_those_of_the_time_after_it_do_not_begin_to_wait()
    {
        var waiting = patience.WaitAsync(Never);
        time.Advance(Limit);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => waiting);

        var begun = false;
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => patience.WaitAsync(_ =>
        {
            begun = true;
            return Task.FromResult(1);
        }));
        Assert.False(begun);

        time.Advance(Limit);
        Assert.Equal(1, await patience.WaitAsync(_ => Task.FromResult(1)));
    }

    [Fact]
    public async Task An_answer_to_whichever_request_gives_all_of_them_more_time()
    {
        Action? hear = null;
        var waiting = patience.WaitAsync(heard =>
        {
            hear = heard;
            return Never(heard);
        });
        time.Advance(Limit / 2);
        hear!();
        time.Advance(Limit / 2);
        Assert.False(waiting.IsCompleted);

        await Eventually.HoldsAsync(() =>
        {
            time.Advance(Limit);
            return waiting.IsCompleted;
        });
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => waiting);
    }

    [Fact]
    public void Work_in_the_background_waits_for_as_long_as_it_takes()
    {
        requests.HttpContext = null;
        var waiting = patience.WaitAsync(Never);

        time.Advance(100 * Limit);

        Assert.False(waiting.IsCompleted);
    }

    private static Task<int> Never(Action? heard) => new TaskCompletionSource<int>().Task;
}
