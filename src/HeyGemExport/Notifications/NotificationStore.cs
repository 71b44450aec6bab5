using HeyGemExport.Data;
using HeyGemExport.Exports;

namespace HeyGemExport.Notifications;

internal enum NotificationState
{
    Waiting,
    Delivered,
    Failed,
}

internal sealed record Notification
{
    public required string Id { get; init; }
    public required string Target { get; init; }

    /// <summary>One of <see cref="NotificationEvents"/>.</summary>
    public required string Event { get; init; }
    public required string ExportId { get; init; }
    public required NotificationState State { get; init; }
    public required int Attempts { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset NextAttemptAt { get; init; }
    public DateTimeOffset? LastAttemptAt { get; init; }
    public int? Status { get; init; }
    public string? Fault { get; init; }
    public required NotificationPayload Payload { get; init; }
}

/// <summary>One page of the log of notifications, newest first.</summary>
internal sealed record NotificationPage(IReadOnlyList<Notification> Items, int Total, int Page, int PageSize);

internal sealed class NotificationStore(Database database, TimeProvider time)
{
    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>From which end of exports on a target is told; from now on, for one that is new.</summary>
    public async Task<DateTimeOffset> SinceAsync(string target, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            "INSERT INTO notification_targets (name, since) VALUES (@target, @Now) ON CONFLICT DO NOTHING",
            new { target, Now },
            cancellationToken);
        return await database.FirstAsync<DateTimeOffset>(
            "SELECT since FROM notification_targets WHERE name = @target", new { target }, cancellationToken);
    }

    /// <summary>Also goes back, after a clock that was ahead has been set right: what ends now would not be looked for.</summary>
    public Task AdvanceAsync(string target, DateTimeOffset since, CancellationToken cancellationToken) => database.ExecuteAsync(
        "UPDATE notification_targets SET since = @since WHERE name = @target AND (since < @since OR since > @Now)",
        new { target, since, Now }, cancellationToken);

    /// <summary>Exports that ended since a time and that a target has not been told of, earliest end first.</summary>
    public Task<IReadOnlyList<string>> UnnoticedAsync(
        string target, IReadOnlyList<string> events, DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        // One whose archive was removed before anybody was told was ready all the same.
        return database.QueryAsync<string>(
            """
            SELECT id FROM exports
            WHERE finished_at >= @since AND ((@Ready = 1 AND state IN ('ready', 'expired')) OR (@Failed = 1 AND state = 'failed'))
              AND NOT EXISTS (
                SELECT 1 FROM notifications n WHERE n.target = @target AND n.export_id = exports.id AND n.ended_at = exports.finished_at)
            ORDER BY finished_at, id LIMIT @most
            """,
            new { target, since, most, Ready = Asks(NotificationEvents.Ready), Failed = Asks(NotificationEvents.Failed) },
            cancellationToken);

        long Asks(string one) => events.Contains(one, StringComparer.Ordinal) ? 1 : 0;
    }

    public Task AddAsync(string target, NotificationPayload payload, CancellationToken cancellationToken) => database.ExecuteAsync(
        """
        INSERT INTO notifications (id, target, event, export_id, ended_at, notice_json, state, created_at, next_attempt_at)
        VALUES (@Id, @target, @Event, @ExportId, @EndedAt, @payload, 'waiting', @Now, @Now)
        ON CONFLICT DO NOTHING
        """,
        new { Id = ShortId.Create(), target, payload.Event, payload.ExportId, payload.EndedAt, payload, Now },
        cancellationToken);

    public async Task<Notification?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await SelectAsync("WHERE id = @id", new { id }, cancellationToken)).SingleOrDefault();

    /// <summary>What is to be sent now, longest due first.</summary>
    public Task<IReadOnlyList<Notification>> DueAsync(int most, CancellationToken cancellationToken) =>
        SelectAsync(
            "WHERE state = 'waiting' AND next_attempt_at NOT BETWEEN @Now + 1 AND @Latest ORDER BY next_attempt_at, id LIMIT @most",
            new { Now, Latest = Now + NotificationSender.LongestPause, most },
            cancellationToken);

    /// <param name="next">When the next attempt is due if this one fails, or the process dies during it.</param>
    public async Task<bool> ClaimAsync(Notification notification, DateTimeOffset next, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
        """
        UPDATE notifications SET attempts = attempts + 1, last_attempt_at = @Now, next_attempt_at = @next
        WHERE id = @Id AND state = 'waiting' AND attempts = @Attempts
        """,
        new { Now, next, notification.Id, notification.Attempts },
        cancellationToken) == 1;

    public async Task<bool> EndAsync(string id, NotificationState state, AttemptResult result, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
        "UPDATE notifications SET state = @State, status = @Status, fault = @Fault WHERE id = @id AND state = 'waiting'",
        new { id, State = state.ToString().ToLowerInvariant(), result.Status, result.Fault },
        cancellationToken) == 1;

    /// <summary>Sends what was given up from the first attempt on, and what waits for its next attempt now.</summary>
    public Task RetryAsync(string id, CancellationToken cancellationToken) => database.ExecuteAsync(
        """
        UPDATE notifications SET attempts = CASE WHEN state = 'failed' THEN 0 ELSE attempts END, state = 'waiting', next_attempt_at = @Now
        WHERE id = @id AND state IN ('failed', 'waiting')
        """,
        new { id, Now },
        cancellationToken);

    public Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            "DELETE FROM notifications WHERE state <> 'waiting' AND created_at < @before", new { before }, cancellationToken);

    public async Task<NotificationPage> ListAsync(int page, int pageSize, CancellationToken cancellationToken)
    {
        var total = await database.FirstAsync<int>("SELECT COUNT(*) FROM notifications", parameters: null, cancellationToken);
        var items = await SelectAsync(
            "ORDER BY created_at DESC, id LIMIT @pageSize OFFSET @offset",
            new { pageSize, offset = (long)(page - 1) * pageSize },
            cancellationToken);
        return new NotificationPage(items, total, page, pageSize);
    }

    private Task<IReadOnlyList<Notification>> SelectAsync(string condition, object parameters, CancellationToken cancellationToken) =>
        database.QueryAsync<Notification>(
            "SELECT notifications.*, notice_json AS payload FROM notifications " + condition, parameters, cancellationToken);
}
