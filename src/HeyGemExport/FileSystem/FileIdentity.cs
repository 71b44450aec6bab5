namespace HeyGemExport.FileSystem;

/// <summary>What one look at a regular file tells.</summary>
/// <param name="Inode">Null where the system does not tell.</param>
internal readonly record struct FileStatus(long Bytes, DateTimeOffset ModifiedAt, Inode? Inode = null);

/// <param name="Number">Stays with the file whatever it is called.</param>
/// <param name="Changed">Moves with every change of the file, also one that sets its time back.</param>
/// <param name="Birth">When the inode was made, which no later one of the same number shares; null where unknown.</param>
internal readonly record struct Inode(ulong Device, ulong Number, UnixTime Changed, UnixTime? Birth);

/// <summary>A time as file systems keep it, which reaches further than .NET's.</summary>
internal readonly record struct UnixTime(long Seconds, uint Nanoseconds)
{
    // A day from either end, so that the time can be shown in every time zone.
    private static readonly DateTimeOffset Earliest = DateTimeOffset.MinValue.AddDays(1);

    public static DateTimeOffset Latest { get; } = DateTimeOffset.MaxValue.AddDays(-1);

    /// <summary>The nearest time that .NET has.</summary>
    public DateTimeOffset ToDateTimeOffset() => Seconds < Earliest.ToUnixTimeSeconds() ? Earliest
        : Seconds > Latest.ToUnixTimeSeconds() ? Latest
        : Nearest(DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanoseconds / TimeSpan.NanosecondsPerTick));

    public static DateTimeOffset Nearest(DateTimeOffset time) => time < Earliest ? Earliest : time > Latest ? Latest : time;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Nanoseconds}");
}

/// <summary>An <see cref="FileSystem.Inode"/> as it is recorded.</summary>
internal sealed record FileIdentity(Inode Inode)
{
    /// <summary>Stays with the file whatever it is called: its inode number, in hex.</summary>
    public string File => Inode.Number.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Moves with every change of the file, also one that sets its time back: the inode's change time.</summary>
    public string Version => Inode.Changed.ToString();

    /// <summary>When the inode was made, which no later one of the same number shares; null where unknown.</summary>
    public string? Birth => Inode.Birth?.ToString();

    /// <summary>Which version of which file it is. Without the number of the file system: of a network share, it differs between the
    /// servers that see the same file, and no other file has this inode number and this change time to the nanosecond.</summary>
    public string Content => $"{File}:{Version}";

    public DateTimeOffset ChangedAt => Inode.Changed.ToDateTimeOffset();

    internal static FileIdentity? Of(Inode? inode) => inode is { } known ? new(known) : null;
}
