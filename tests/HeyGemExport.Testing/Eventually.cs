namespace HeyGemExport.Testing;

/// <summary>Waits for what happens on another thread, and fails when it does not happen.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks again and again until there is an answer.</summary>
    /// <param name="patience">For how long; a minute when null.</param>
    public static async Task<T> FindAsync<T>(Func<Task<T?>> ask, TimeSpan? patience = null)
        where T : class
    {
        using var timeout = new CancellationTokenSource(patience ?? Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await timer.WaitForNextTickAsync(timeout.Token))
        {
            if (await ask() is { } answer)
            {
                return answer;
            }
        }

        throw new InvalidOperationException("The timer ended.");
    }

    /// <summary>Asks again and again until it holds.</summary>
    public static Task HoldsAsync(Func<Task<bool>> condition, TimeSpan? patience = null) =>
        FindAsync(async () => await condition() ? "holds" : null, patience);

    /// <summary>Asks again and again until it holds.</summary>
    public static Task HoldsAsync(Func<bool> condition) => HoldsAsync(() => Task.FromResult(condition()));
}
