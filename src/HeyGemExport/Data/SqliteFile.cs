using System.Data.Common;
using Dapper;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeyGemExport.Data;

/// <summary>The SQLite file, and whether it is still the one that this process works with. What is committed goes into the <c>-wal</c>
/// beside it, and from there into the file only by <see cref="Checkpoint"/>: whatever else changes the file was not this process. So one
/// look at its inode, length and time tells.</summary>
/// <remarks>The file is never opened but by SQLite: closing any other handle would drop SQLite's locks
/// (https://www.sqlite.org/howtocorrupt.html, 2.2).</remarks>
internal sealed class SqliteFile(string folder, TimeProvider time)
{
    /// <summary>How long a statement waits for those of others.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>A file that was found wanting is looked through again as soon as it changes, or after so long.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private volatile Snapshot? known;
    private Snapshot? prepared;
    private volatile bool isSuspect;
    private (Snapshot Status, long At, string Reason)? refused;

    public string Path { get; } = System.IO.Path.Combine(folder, "heygem-export.db");

    public bool IsUnchanged => !isSuspect && known is { } before && Look() == before;

    /// <summary>Whether it is still in its place, as far as writing is concerned.</summary>
    public bool IsThere => Look() is { } now && now.Status.Inode == known?.Status.Inode;

    private string ConnectionString => Settings(isPooled: true).ToString();

    private string Wal => Path + "-wal";

    public async Task<SqliteConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);

            // Of the connection, which may be new in the pool. A last one that is closed would otherwise write into a file that somebody
            // else has put there, and delete what it cannot write.
            raw.sqlite3_wal_autocheckpoint(connection.Handle, 0);
            raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes it where there has been none yet, and lets go of the one before where it is another.</summary>
    /// <exception cref="IOException">It is away, or was not good when last looked through.</exception>
    public void Prepare()
    {
        if (known is not { } before)
        {
            PrivateFiles.CreateFolder(folder);

            // The files beside it, such as the -wal, get its mode.
            using (PrivateFiles.Open(Path, FileMode.OpenOrCreate))
            {
            }

            PrivateFiles.Tighten(Path);
            prepared = Look();
            return;
        }

        var now = Look() is { Status.Bytes: > 0 } there ? there : throw new IOException($"'{Path}' is missing or empty.");
        if (refused is { } last && last.Status == now && time.GetElapsedTime(last.At) < LookAgain)
        {
            throw new IOException(last.Reason);
        }

        // Connections of the pool have parts of the former content in memory.
        SqliteConnection.ClearPool(new SqliteConnection(ConnectionString));
        if (now.Status.Inode != before.Status.Inode)
        {
            SetAsideWalOfFormer();
        }

        prepared = now;
    }

    /// <summary>Looks through a file that is not the one that was known.</summary>
    /// <exception cref="IOException">It is damaged, or not a database of this app.</exception>
    public async Task VerifyAsync(DbConnection connection)
    {
        if (known is null || Look() is not { } now)
        {
            return;
        }

        try
        {
            if (await connection.ExecuteScalarAsync<string>("PRAGMA quick_check(1)") is not "ok" and var fault)
            {
                throw new IOException($"'{Path}' is damaged: {fault}");
            }

            if (await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_version'") == 0)
            {
                throw new IOException($"'{Path}' is not a database of HeyGem Export.");
            }
        }
        catch (Exception exception) when (exception is IOException or SqliteException)
        {
            // Also where it should become again what it was: connections remember what they have read of it.
            isSuspect = true;
            refused = (now, time.GetTimestamp(), exception.Message);
            throw;
        }
    }

    /// <summary>What was prepared is good as it is now.</summary>
    /// <exception cref="IOException">Meanwhile it was taken away.</exception>
    public void Accept()
    {
        if (!TryKnow(prepared))
        {
            throw new IOException($"'{Path}' was taken away.");
        }

        refused = null;
        isSuspect = false;
    }

    /// <summary>Has the file looked through before it is used again, where a statement found it damaged.</summary>
    public void Suspect(SqliteException exception) => isSuspect |= exception.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>Writes what was committed into the file, and empties the <c>-wal</c>: a copy or a replacement of the file alone is then a
    /// whole one.</summary>
    /// <returns>False when somebody was reading or writing.</returns>
    public bool Checkpoint(SqliteConnection connection)
    {
        // The first one waits for nobody, so that the second one, for which writers wait, has little to do.
        connection.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        var isBusy = connection.ExecuteScalar<int>("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        TryKnow(known);
        return !isBusy;
    }

    /// <summary>Lets go of the file, so that a test or an update can remove it, and leaves no <c>-wal</c>.</summary>
    public void Close()
    {
        SqliteConnection.ClearPool(new SqliteConnection(ConnectionString));
        if (!IsUnchanged)
        {
            return;
        }

        try
        {
            using var last = new SqliteConnection(Settings(isPooled: false).ToString());
            last.DefaultTimeout = 1;
            last.Open();
            last.Execute("PRAGMA schema_version");
        }
        catch (SqliteException)
        {
            // Somebody else has it, or it cannot be written: the next start does this.
        }
    }

    private SqliteConnectionStringBuilder Settings(bool isPooled) => new()
    {
        DataSource = Path,
        Mode = SqliteOpenMode.ReadWrite,
        ForeignKeys = true,
        DefaultTimeout = (int)Patience.TotalSeconds,
        Pooling = isPooled,
    };

    /// <summary>After this process has written into the file: it is known as it is now, unless somebody has just emptied it, taken it away
    /// or put another one there.</summary>
    private bool TryKnow(Snapshot? before)
    {
        if (Look() is not { Status.Bytes: > 0 } now || now.Status.Inode != before?.Status.Inode)
        {
            return false;
        }

        known = now;
        return true;
    }

    /// <summary>The change time is left out: it moves when the file is renamed, as by a move away and back.</summary>
    private Snapshot? Look()
    {
        if (LinuxSyscalls.Supported)
        {
            return LinuxSyscalls.TargetOf(Path) is { IsRegular: true, File: var file }
                ? new(file with { Inode = file.Inode is { } inode ? inode with { Changed = default, Birth = null } : null })
                : null;
        }

        var info = new FileInfo(Path);
        return info.Exists ? new(new FileStatus(info.Length, new DateTimeOffset(info.LastWriteTimeUtc))) : null;
    }

    /// <summary>SQLite would write what it has of the former file into this one. A <c>-wal</c> that was brought along is younger.</summary>
    private void SetAsideWalOfFormer()
    {
        if (LinuxSyscalls.TargetOf(Path) is { File.Inode.Changed: var arrived }
            && LinuxSyscalls.StatusOf(Wal) is { File: { Bytes: > 0, Inode.Changed: var written } }
            && (written.Seconds, written.Nanoseconds).CompareTo((arrived.Seconds, arrived.Nanoseconds)) < 0)
        {
            File.Move(Wal, string.Create(CultureInfo.InvariantCulture, $"{Wal}.{time.GetUtcNow():yyyyMMddHHmmss}"), overwrite: true);
            File.Delete(Path + "-shm");
        }
    }

    /// <summary>A reference, which other threads read whole.</summary>
    private sealed record Snapshot(FileStatus Status);
}
