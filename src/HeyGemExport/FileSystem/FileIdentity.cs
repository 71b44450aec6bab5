namespace HeyGemExport.FileSystem;

/// <param name="File">Stays with the file whatever it is called: its inode number, in hex.</param>
/// <param name="Version">Moves with every change of the file, also one that sets its time back: the inode's change time.</param>
/// <param name="Birth">When the inode was made, which no later one of the same number shares; null where unknown.</param>
/// <param name="Device">Number of the file system that the file is on, in hex.</param>
internal sealed record FileIdentity(string File, string Version, string? Birth = null, string Device = "")
{
    /// <summary>All of it that a change of the file's content changes.</summary>
    public string Content => $"{Device}:{File}:{Version}";

    public DateTimeOffset ChangedAt =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(Version[..Version.IndexOf('.')], CultureInfo.InvariantCulture));
}
