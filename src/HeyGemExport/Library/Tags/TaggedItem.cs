using HeyGemExport.FileSystem;

namespace HeyGemExport.Library.Tags;

internal enum TaggedKind
{
    Video,

    Batch,
}

internal readonly record struct TaggedKey(TaggedKind Kind, string Path);

/// <param name="Identity">Stays the same when the file is renamed; null if the file system has none.</param>
/// <param name="Bytes">Length of the file; 0 for a batch.</param>
/// <param name="ModifiedAt">Last write time of the file, in ticks of UTC; 0 for a batch.</param>
/// <param name="MissingSince">When scans stopped finding it; null while it exists.</param>
internal sealed record TaggedItem(
    TaggedKey Key, ItemIdentity? Identity, long Bytes, long ModifiedAt, IReadOnlyList<string> Tags, DateTimeOffset? MissingSince = null)
{
    internal bool IsSame(TaggedItem present)
    {
        var isUntouched = Bytes == present.Bytes && ModifiedAt == present.ModifiedAt;
        return (Identity, present.Identity) switch
        {
            // Nothing but the name is known.
            (null, _) or (_, null) => true,
            ({ } before, { } now) => before == now && (before.IsCertain || isUntouched),
        };
    }
}

/// <param name="Value">The inode number, and the time of creation after a point: the number of a deleted file is reused.</param>
internal sealed record ItemIdentity(string Value)
{
    /// <summary>Whether no later file can have the same.</summary>
    public bool IsCertain => Value.Contains('.', StringComparison.Ordinal);

    internal static ItemIdentity? Of(FileIdentity? identity) => identity switch
    {
        null => null,
        { Birth: { } birth } => new($"{identity.File}.{birth}"),
        _ => new(identity.File),
    };
}
