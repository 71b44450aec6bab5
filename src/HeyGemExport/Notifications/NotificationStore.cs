using Dapper;
using HeyGemExport.Data;
using HeyGemExport.Exports;

namespace HeyGemExport.Notifications;

/// <summary>Where a notification stands.</summary>
internal enum NotificationState
{
    /// <summary>To be sent, or sent again.</summary>
    Waiting,

    /// <summary>The target took it.</summary>
    Delivered,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>One notification to one target.</summary>
internal sealed record Notification(
    string Id, string Target, string Event, string ExportId, NotificationState State, int Attempts, DateTimeOffset CreatedAt,
    DateTimeOffset NextAttemptAt, DateTimeOffset? LastAttemptAt, int? Status, string? Fault, NotificationPayload NotificationPayload);

/// <summary>One page of the delivery log, newest first.</summary>
internal sealed record NotificationPage(IReadOnlyList<Notification> Items, int Total, int Page, int PageSize);

/// <summary>Records of notifications: the outbox, and the delivery log.</summary>
internal sealed class NotificationStore(Database database, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToStored();

    /// <summary>From which end of exports on a target is told; from now on, for one that is new.</summary>
    public async Task<DateTimeOffset> SinceAsync(string target, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO notification_targets (name, since) VALUES (@target, @Now) ON CONFLICT DO NOTHING", new { target, Now }, cancellationToken: cancellationToken));
        return (await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT since FROM notification_targets WHERE name = @target", new { target }, cancellationToken: cancellationToken))).ToTime();
    }

    /// <summary>Notes that all that ended before a time has been noted.</summary>
    public Task AdvanceAsync(string target, DateTimeOffset since, CancellationToken cancellationToken) => ExecuteAsync(
        "UPDATE notification_targets SET since = @since WHERE name = @target AND since < @since", new { target, since = since.ToStored() }, cancellationToken);

    /// <summary>Exports that ended since a time and that a target has not been told of, those that ended first before the others.</summary>
    /// <param name="target">The target's name.</param>
    /// <param name="events">What it asks for.</param>
    /// <param name="since">From when on.</param>
    /// <param name="most">How many, at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<string>> UnnoticedAsync(string target, IReadOnlyList<string> events, DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);

        // One whose archive was removed before anybody was told was ready all the same.
        var ids = await connection.QueryAsync<string>(new CommandDefinition(
            """
            SELECT id FROM exports
            WHERE finished_at >= @since AND ((@Ready = 1 AND state IN ('ready', 'expired')) OR (@Failed = 1 AND state = 'failed'))
              AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.target = @target AND n.export_id = exports.id AND n.ended_at = exports.finished_at)
            ORDER BY finished_at, id LIMIT @most
            """,
            new { target, since = since.ToStored(), most, Ready = Asks(NotificationEvents.Ready), Failed = Asks(NotificationEvents.Failed) },
            cancellationToken: cancellationToken));
        return ids.AsList();

        long Asks(string one) => events.Contains(one, StringComparer.Ordinal) ? 1 : 0;
    }

    /// <summary>Puts a notice into the outbox, unless it is there.</summary>
    public Task<bool> AddAsync(string target, NotificationPayload notice, CancellationToken cancellationToken)
    {
        return ExecuteAsync(
            """
            INSERT INTO notifications (id, target, event, export_id, ended_at, notice_json, state, created_at, next_attempt_at)
            VALUES (@Id, @target, @Event, @ExportId, @EndedAt, @Json, 'waiting', @Now, @Now)
            ON CONFLICT DO NOTHING
            """,
            new { Id = ShortId.Create(), target, notice.Event, notice.ExportId, EndedAt = notice.EndedAt.ToStored(), Json = notice.ToJson(), Now },
            cancellationToken);
    }

    /// <summary>What is to be sent now, that which waits the longest first.</summary>
    public Task<IReadOnlyList<Notification>> DueAsync(int most, CancellationToken cancellationToken) =>
        SelectAsync("WHERE state = 'waiting' AND next_attempt_at <= @Now ORDER BY next_attempt_at, id LIMIT @most", new { Now, most }, cancellationToken);

    /// <summary>Takes one attempt, so that no other node makes it too.</summary>
    /// <param name="notification">As it was read.</param>
    /// <param name="next">When the next attempt is due if this one fails, or the process dies over it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the attempt is the caller's.</returns>
    public Task<bool> ClaimAsync(Notification notification, DateTimeOffset next, CancellationToken cancellationToken)
    {
        return ExecuteAsync(
            "UPDATE notifications SET attempts = attempts + 1, last_attempt_at = @Now, next_attempt_at = @next WHERE id = @Id AND state = 'waiting' AND attempts = @Attempts",
            new { Now, next = next.ToStored(), notification.Id, notification.Attempts },
            cancellationToken);
    }

    /// <summary>Records what became of an attempt.</summary>
    public Task<bool> EndAsync(string id, NotificationState state, AttemptResult result, CancellationToken cancellationToken)
    {
        return ExecuteAsync(
            "UPDATE notifications SET state = @State, status = @Status, fault = @Fault WHERE id = @id AND state = 'waiting'",
            new { id, State = Stored(state), result.Status, result.Fault },
            cancellationToken);
    }

    /// <summary>Forgets what ended before a time.</summary>
    public Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => ExecuteAsync(
        "DELETE FROM notifications WHERE state <> 'waiting' AND created_at < @before", new { before = before.ToStored() }, cancellationToken);

    /// <summary>One page of the delivery log.</summary>
    public async Task<NotificationPage> ListAsync(int page, int pageSize, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM notifications", cancellationToken: cancellationToken));
        var items = await SelectAsync("ORDER BY created_at DESC, id LIMIT @pageSize OFFSET @offset", new { pageSize, offset = (long)(page - 1) * pageSize }, cancellationToken);
        return new NotificationPage(items, (int)total, page, pageSize);
    }

    private static string Stored(NotificationState state) => state.ToString().ToLowerInvariant();

    private async Task<bool> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)) > 0;
    }

    private async Task<IReadOnlyList<Notification>> SelectAsync(string condition, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("SELECT * FROM notifications " + condition, parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToNotification())];
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string Target { get; set; } = "";

        public string Event { get; set; } = "";

        public string ExportId { get; set; } = "";

        public string NoticeJson { get; set; } = "";

        public string State { get; set; } = "";

        public long Attempts { get; set; }

        public long CreatedAt { get; set; }

        public long NextAttemptAt { get; set; }

        public long? LastAttemptAt { get; set; }

        public long? Status { get; set; }

        public string? Fault { get; set; }

        public Notification ToNotification() => new(
            Id, Target, Event, ExportId, Enum.Parse<NotificationState>(State, ignoreCase: true), (int)Attempts, CreatedAt.ToTime(),
            NextAttemptAt.ToTime(), LastAttemptAt.ToTime(), (int?)Status, Fault, NotificationPayload.FromJson(NoticeJson));
    }
}
