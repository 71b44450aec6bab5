using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;
using HeyGemExport.Library;

namespace HeyGemExport.Nodes;

/// <summary>The nodes that live. Each tells of itself in PostgreSQL and hears of the others in one statement; over a SQLite file there is
/// one alone.</summary>
internal sealed class NodeRegistry(
    Database database, JobNode node, IOptions<NodeOptions> options, TempFolderId temp, LibraryIndex library, SharedKeys keys,
    JobServers servers, JobIntake intake, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A node that was not heard of for this long no longer counts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>After this long it is gone. Not by a node that could not be heard of itself: then the database stood still for
    /// all.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const string Statement =
        $"""
        WITH gone AS (
            DELETE FROM nodes WHERE name IN (
                SELECT name FROM nodes WHERE name <> @Name AND seen_at < {PostgreSql.Now} - @Lifetime FOR UPDATE SKIP LOCKED)
            AND EXISTS (SELECT 1 FROM nodes WHERE name = @Name AND seen_at > {PostgreSql.Now} - @Patience)
            RETURNING *
        ), self AS (
            INSERT INTO nodes (name, role, version, started_at, seen_at, temp_id, outputs_at, outputs)
            VALUES (@Name, @Role, @Version, {PostgreSql.Now}, {PostgreSql.Now}, @TempId, @OutputsAt, @Outputs)
            ON CONFLICT (name) DO UPDATE
            SET seen_at = EXCLUDED.seen_at, temp_id = EXCLUDED.temp_id, outputs_at = EXCLUDED.outputs_at, outputs = EXCLUDED.outputs
            RETURNING *
        ), others AS (
            SELECT * FROM nodes WHERE name <> @Name AND seen_at >= {PostgreSql.Now} - @Patience
        )
        SELECT seen.*, (SELECT COUNT(*) FROM data_protection_keys) AS keys
        FROM (
            SELECT *, 0 AS kind FROM self
            UNION ALL SELECT *, 1 FROM others
            UNION ALL SELECT *, 2 FROM gone
        ) seen
        """;

    private readonly DateTimeOffset startedAt = time.GetUtcNow();
    private readonly OutputsComparison outputs = new();
    private readonly SemaphoreSlim beating = new(1, 1);
    private volatile IReadOnlyList<Node> others = [];
    private long lastBeat;

    /// <summary>Whether it is known which other nodes live.</summary>
    public bool IsCurrent => database.IsSqlite || (lastBeat != 0 && time.GetElapsedTime(Volatile.Read(ref lastBeat)) < Patience);

    /// <summary>The nodes that live, this one first.</summary>
    public IReadOnlyList<Node> Live => [Self(), .. Others.OrderBy(other => other.Name, StringComparer.Ordinal)];

    public NodesFinding Examine() => NodesFinding.Of(Self(), Others, outputs);

    private IReadOnlyList<Node> Others => IsCurrent ? others : [];

    /// <exception cref="System.Data.Common.DbException">The database is away.</exception>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (database.IsSqlite)
        {
            return;
        }

        await beating.WaitAsync(cancellationToken);
        try
        {
            await temp.ReadAsync(cancellationToken);
            var self = Self();
            var seen = await database.QueryAsync<Row>(
                Statement,
                new
                {
                    self.Name, self.Role, self.Version, self.TempId, self.OutputsAt, self.Outputs,
                    Patience = (long)Patience.TotalMilliseconds, Lifetime = (long)Lifetime.TotalMilliseconds,
                },
                cancellationToken);
            var own = seen.Single(row => row.Kind == Kind.Self);
            others = [.. seen.Where(row => row.Kind == Kind.Other)];
            Volatile.Write(ref lastBeat, time.GetTimestamp());
            keys.Follow(own.Keys);
            outputs.LookAt(library.Current, own.SeenAt);
            outputs.Compare(others);
            intake.Set(ExportJob.Queue, !Examine().IsUnfitToPack);
            await servers.RemoveAsync([.. seen.Where(row => row.Kind == Kind.Gone).Select(row => row.Name)], cancellationToken);
        }
        finally
        {
            beating.Release();
        }
    }

    /// <summary>A node that stops is gone at once.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) =>
        database.ExecuteAsync("DELETE FROM nodes WHERE name = @Name", new { node.Name }, cancellationToken);

    public void Dispose() => beating.Dispose();

    private Node Self() => new()
    {
        Name = node.Name,
        Role = options.Value.Role.ToLowerInvariant(),
        Version = AppVersion.Current,
        StartedAt = startedAt,
        SeenAt = time.GetUtcNow(),
        TempId = temp.Id,
        Outputs = outputs.Own?.Outputs,
        OutputsAt = outputs.Own?.At,
    };

    private enum Kind
    {
        Self,
        Other,
        Gone,
    }

    private sealed record Row : Node
    {
        public Kind Kind { get; init; }

        /// <summary>How many keys of data protection there are.</summary>
        public long Keys { get; init; }
    }
}
