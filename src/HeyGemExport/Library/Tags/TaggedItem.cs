using HeyGemExport.FileSystem;

namespace HeyGemExport.Library.Tags;

/// <summary>What can carry a tag.</summary>
internal enum TaggedKind
{
    /// <summary>One video.</summary>
    Video,

    /// <summary>A batch, and with it each of its videos.</summary>
    Batch,
}

/// <summary>What carries tags: its name in the outputs folder.</summary>
/// <param name="Kind">Video or batch.</param>
/// <param name="Path">The video's path, or the batch's name.</param>
internal readonly record struct TaggedKey(TaggedKind Kind, string Path);

/// <summary>A video or batch that people gave tags to, and which file or folder it is.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Identity">Stays with the file whatever it is called; null where the file system does not tell.</param>
/// <param name="Bytes">Length of the file; 0 for a batch.</param>
/// <param name="ModifiedAt">Last write time of the file, in ticks of UTC; 0 for a batch.</param>
/// <param name="Tags">Its tags, in the order in which they were given.</param>
/// <param name="MissingSince">Since when no scan has found it; null while it is there.</param>
internal sealed record TaggedItem(
    TaggedKey Key, ItemIdentity? Identity, long Bytes, long ModifiedAt, IReadOnlyList<string> Tags, DateTimeOffset? MissingSince = null)
{
    /// <summary>Whether another look at what has this name shows the same file or folder.</summary>
    /// <param name="present">What is there now.</param>
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

/// <summary>Which file or folder it is.</summary>
/// <param name="Value">The inode's number, and after a point its time of birth where the file system keeps that: a number is given
/// to a new file when an old one is deleted.</param>
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
