using System.IO.Hashing;
using System.Runtime.InteropServices;
using HeyGemExport.Accounts;
using HeyGemExport.Archives;
using HeyGemExport.Data;
using HeyGemExport.Library;
using Microsoft.Extensions.Caching.Memory;

namespace HeyGemExport.Exports.Downloads;

/// <summary>What a person has downloaded whole, in the version that it had then.</summary>
internal sealed class DownloadedVideos
{
    private readonly HashSet<string> archives;
    private readonly HashSet<VideoVersion> versions;

    private DownloadedVideos(HashSet<string> archives, HashSet<VideoVersion> versions, DateTimeOffset lastSavedAt) =>
        (this.archives, this.versions, LastSavedAt) = (archives, versions, lastSavedAt);

    public static DownloadedVideos None { get; } = new([], [], DateTimeOffset.UnixEpoch);

    public bool IsEmpty => versions.Count == 0;

    /// <summary>How many versions of videos they are.</summary>
    public int Count => versions.Count;

    /// <summary>When the last of those came that were downloaded without an archive.</summary>
    public DateTimeOffset LastSavedAt { get; }

    public bool Contains(Video video) => versions.Contains(VideoVersion.Of(video.Path, video.Bytes, video.ModifiedAt.UtcTicks));

    public bool Contains(ContractEntry entry) => versions.Contains(VideoVersion.Of(entry.Path, entry.Bytes, entry.ModifiedAt.UtcTicks));

    /// <summary>The downloads of archives among these that it does not hold yet; null when it holds one that is gone.</summary>
    public IReadOnlyList<string>? MissingOf(IReadOnlyCollection<string> downloads)
    {
        List<string> missing = [.. downloads.Where(id => !archives.Contains(id))];
        return archives.Count + missing.Count == downloads.Count ? missing : null;
    }

    /// <param name="downloads">Downloads of archives.</param>
    /// <param name="files">What they hold.</param>
    /// <param name="saved">What was downloaded without an archive.</param>
    public DownloadedVideos With(
        IReadOnlyCollection<string> downloads, IReadOnlyCollection<DownloadedFile> files, IReadOnlyCollection<DownloadedFile> saved)
    {
        var all = files.Concat(saved).Select(file => VideoVersion.Of(file.Path, file.Bytes, file.ModifiedAt));
        List<VideoVersion> more = [.. all.Where(version => !versions.Contains(version))];
        return downloads.Count == 0 && more.Count == 0
            ? this
            : new([.. archives, .. downloads], [.. versions, .. more], saved.Select(file => file.At).Append(LastSavedAt).Max());
    }

    /// <summary>A version of a video in 24 bytes: a person may have downloaded a whole library.</summary>
    private readonly record struct VideoVersion(ulong Path, long Bytes, long ModifiedAt)
    {
        public static VideoVersion Of(string path, long bytes, long modifiedAt) =>
            new(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(path.AsSpan())), bytes, modifiedAt);
    }
}

/// <param name="ModifiedAt">Ticks of UTC.</param>
/// <param name="At">When somebody had it whole; of files in archives it is not asked.</param>
internal readonly record struct DownloadedFile(string Path, long Bytes, long ModifiedAt, DateTimeOffset At = default);

/// <summary>Who has downloaded what. People without a name are told apart by their browser. What was downloaded from a browser's address by
/// no browser counts for it, too: a download manager that took over from it sends no cookie, and earlier versions recorded addresses
/// only. What another browser downloaded there does not count: behind a router many share an address, and leaving out a video that
/// somebody lacks is worse than packing one twice.</summary>
internal sealed partial class DownloadHistory(Database database, TimeProvider time, ILogger<DownloadHistory> log) : IDisposable
{
    private const string AreTheirs = "who = @Who AND (who <> @Anonymous OR from_address IN (@Device, @From))";

    /// <summary>Versions of videos that are kept in memory for all people together, of some 40 bytes each.</summary>
    private const int MaxKept = 1_000_000;

    /// <summary>SQLite takes 32,766 parameters.</summary>
    private const int IdsAtOnce = 1000;

    /// <summary>By how much the clocks of nodes may differ.</summary>
    private static readonly TimeSpan NodesDiffer = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan PageTimeout = TimeSpan.FromSeconds(1);

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = MaxKept });

    public async Task<DownloadedVideos> OfAsync(Caller caller, CancellationToken cancellationToken)
    {
        var key = caller.Who is Caller.Anonymous ? (caller.Who, caller.Device, caller.From) : (caller.Who, "", "");
        var known = kept.Get<DownloadedVideos>(key) ?? DownloadedVideos.None;
        var ids = await database.QueryAsync<string>(
            $"SELECT id FROM downloads WHERE complete = 1 AND {AreTheirs}",
            new { caller.Who, caller.Device, caller.From, Caller.Anonymous },
            cancellationToken);
        if (known.MissingOf(ids) is not { } missing)
        {
            // The record of an export is gone, and what was known of its downloads with it.
            (known, missing) = (DownloadedVideos.None, ids);
        }

        var files = missing.Count == 0 ? [] : await FilesOfAsync(missing, cancellationToken);
        var saved = await SavedAsync(caller, known.LastSavedAt - NodesDiffer, cancellationToken);
        var now = known.With(missing, files, saved);
        if (!ReferenceEquals(now, known))
        {
            kept.Set(key, now, new MemoryCacheEntryOptions { Size = now.Count + 1, SlidingExpiration = KeptFor });
        }

        return now;
    }

    /// <summary>Records that somebody has a video whole without an archive. The database being unavailable does not stop it.</summary>
    public async Task AddAsync(Caller caller, string path, long bytes, DateTimeOffset modifiedAt)
    {
        try
        {
            await database.ExecuteAsync(
                """
                INSERT INTO video_downloads (who, from_address, path, bytes, modified_at, at)
                VALUES (@Who, @Device, @path, @bytes, @ModifiedAt, @Now)
                ON CONFLICT (who, from_address, path) DO UPDATE SET bytes = @bytes, modified_at = @ModifiedAt, at = @Now
                """,
                new { caller.Who, caller.Device, path, bytes, ModifiedAt = modifiedAt.UtcTicks, Now = time.GetUtcNow() },
                CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.NotRecorded(log, path, exception.Message);
        }
    }

    /// <summary>Nothing if the database does not answer within a second, for a page that has more to show.</summary>
    public async Task<DownloadedVideos> OfOrNoneAsync(Caller caller, CancellationToken cancellationToken)
    {
        try
        {
            return await OfAsync(caller, cancellationToken).WaitAsync(PageTimeout, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException || DatabaseErrors.IsUnavailable(exception))
        {
            return DownloadedVideos.None;
        }
    }

    public void Dispose() => kept.Dispose();

    private Task<IReadOnlyList<DownloadedFile>> SavedAsync(Caller caller, DateTimeOffset since, CancellationToken cancellationToken) =>
        database.QueryAsync<DownloadedFile>(
            $"SELECT path, bytes, modified_at, at FROM video_downloads WHERE {AreTheirs} AND at >= @since",
            new { caller.Who, caller.Device, caller.From, Caller.Anonymous, since },
            cancellationToken);

    private async Task<IReadOnlyCollection<DownloadedFile>> FilesOfAsync(
        IReadOnlyList<string> downloads, CancellationToken cancellationToken)
    {
        List<DownloadedFile> files = [];
        // Npgsql takes the array as one parameter; for SQLite Dapper makes a list of it.
        var isOneOf = database.IsOneOf("@ids");
        foreach (var ids in downloads.Chunk(IdsAtOnce))
        {
            files.AddRange(await database.QueryAsync<DownloadedFile>(
                $"""
                SELECT f.path, f.bytes, f.modified_at
                FROM downloads d JOIN export_files f ON f.export_id = d.export_id AND f.part = d.part
                WHERE d.id {isOneOf} AND f.sha256 IS NOT NULL
                """,
                new { ids },
                cancellationToken));
        }

        return files;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "视频 {Path} 的下载未能记录：{Reason}")]
        public static partial void NotRecorded(ILogger logger, string path, string reason);
    }
}
