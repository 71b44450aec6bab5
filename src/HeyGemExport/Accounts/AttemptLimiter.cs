using System.Threading.RateLimiting;
using HeyGemExport.Data;

namespace HeyGemExport.Accounts;

/// <summary>Limits attempts within a minute: counted in PostgreSQL for all nodes together, in memory where a SQLite file has but
/// one.</summary>
/// <param name="name">Tells its counts in the database from those of other limiters.</param>
internal sealed class AttemptLimiter(Database database, string name, int perMinute) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> here = PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetFixedWindowLimiter(
            key, _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = Window, QueueLimit = 0 }),
        StringComparer.Ordinal);

    public async Task<bool> TryAcquireAsync(string key, CancellationToken cancellationToken)
    {
        if (database.IsSqlite)
        {
            return Acquire(key, permits: 1);
        }

        await database.ExecuteAsync($"DELETE FROM attempts WHERE until <= {PostgreSql.Now}", parameters: null, cancellationToken);
        var count = await database.FirstAsync<long>(
            $"""
            INSERT INTO attempts (limiter, subject, count, until) VALUES (@name, @key, 1, {PostgreSql.Now} + @Milliseconds)
            ON CONFLICT (limiter, subject) DO UPDATE SET count = attempts.count + 1
            RETURNING count
            """,
            new { name, key, Milliseconds = (long)Window.TotalMilliseconds },
            cancellationToken);
        return count <= perMinute;
    }

    /// <summary>Whether another attempt would be allowed.</summary>
    public async Task<bool> AllowsAsync(string key, CancellationToken cancellationToken) => database.IsSqlite
        ? Acquire(key, permits: 0)
        : await database.FirstAsync<long>(
            $"SELECT count FROM attempts WHERE limiter = @name AND subject = @key AND until > {PostgreSql.Now}",
            new { name, key }, cancellationToken) < perMinute;

    public void Dispose() => here.Dispose();

    private bool Acquire(string key, int permits)
    {
        using var lease = here.AttemptAcquire(key, permits);
        return lease.IsAcquired;
    }
}
