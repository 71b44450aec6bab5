using System.Data.Common;

namespace HeyGemExport.Data;

internal static class DatabaseRetry
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>Once a second.</summary>
    /// <exception cref="DbException">An error that does not pass by itself.</exception>
    public static async Task<T> UntilAvailableAsync<T>(
        Func<Task<T>> operation, Action<Exception> onRetry, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (Exception exception) when (DatabaseErrors.IsTransient(exception))
            {
                onRetry(exception);
                await Task.Delay(Delay, time, cancellationToken);
            }
        }
    }
}
