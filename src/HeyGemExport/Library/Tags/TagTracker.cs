using HeyGemExport.FileSystem;

namespace HeyGemExport.Library.Tags;

internal sealed record TagTracking(
    IReadOnlyDictionary<TaggedKey, TaggedItem> Present, IReadOnlyList<TaggedKey> Removed, IReadOnlyList<TaggedItem> Put);

/// <summary>Finds what has tags where it was, or where it was moved to. A file that replaced another inherits nothing.</summary>
internal sealed class TagTracker(OutputsRoot root)
{
    // A disk that is away for some weeks comes back with its tags; deleted results do not fill the database.
    private static readonly TimeSpan MissingIsForgottenAfter = TimeSpan.FromDays(30);

    public async Task<TagTracking> TrackAsync(
        IReadOnlyCollection<TaggedItem> items, LibrarySnapshot library, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
        {
            return new TagTracking(new Dictionary<TaggedKey, TaggedItem>(), [], []);
        }

        var look = new Look(root, library, await root.KeepsIdentityAsync(cancellationToken));
        Dictionary<TaggedKey, TaggedItem> present = [];
        List<TaggedItem> lost = [];
        List<TaggedKey> removed = [];
        List<TaggedItem> put = [];
        foreach (var item in items)
        {
            if (look.Again(item) is not { } again)
            {
                lost.Add(item);
                continue;
            }

            present.Add(again.Key, again);
            if (again != item)
            {
                put.Add(again);
            }
        }

        foreach (var item in lost)
        {
            if (look.Elsewhere(item, present) is { } moved)
            {
                present.Add(moved.Key, moved);
                removed.Add(item.Key);
                put.Add(moved);
            }
            else if (item.MissingSince is null)
            {
                put.Add(item with { MissingSince = now });
            }
            else if (now - item.MissingSince > MissingIsForgottenAfter)
            {
                removed.Add(item.Key);
            }
        }

        // A lost one may have been replaced by one that was moved there.
        put.RemoveAll(item => item.MissingSince is not null && present.ContainsKey(item.Key));
        return new TagTracking(present, removed, put);
    }

    /// <summary>Without tags; null when nothing has that name.</summary>
    public static TaggedItem? Describe(OutputsRoot root, TaggedKey key, Video? video, bool keepsIdentity) => key.Kind switch
    {
        TaggedKind.Video when video is null => null,
        TaggedKind.Video =>
            new(key, keepsIdentity ? ItemIdentity.Of(root.Identify(key.Path)) : null, video.Bytes, video.ModifiedAt.UtcTicks, []),
        _ => new(key, keepsIdentity ? ItemIdentity.Of(root.IdentifyFolder(key.Path)) : null, 0, 0, []),
    };

    private sealed class Look(OutputsRoot root, LibrarySnapshot library, bool keepsIdentity)
    {
        private ILookup<(long Bytes, long ModifiedAt), Video>? byContent;
        private Dictionary<string, TaggedItem>? folders;

        /// <summary>Null unless the same file or folder still has its name.</summary>
        public TaggedItem? Again(TaggedItem item)
        {
            var video = item.Key.Kind == TaggedKind.Video ? library.Find(item.Key.Path) : null;
            if (item.Key.Kind == TaggedKind.Video ? video is null : library.InBatch(item.Key.Path).Count == 0)
            {
                return null;
            }

            // Asking for the identity would cost a system call for every tagged video of every scan.
            if (video is not null && video.Bytes == item.Bytes && video.ModifiedAt.UtcTicks == item.ModifiedAt)
            {
                return item.MissingSince is null ? item : item with { MissingSince = null };
            }

            var now = Describe(root, item.Key, video, keepsIdentity)!;
            return !item.IsSame(now) ? null
                : item.MissingSince is null && (item.Bytes, item.ModifiedAt) == (now.Bytes, now.ModifiedAt) ? item
                : item with { Bytes = now.Bytes, ModifiedAt = now.ModifiedAt, MissingSince = null };
        }

        /// <summary>Null when it is nowhere.</summary>
        public TaggedItem? Elsewhere(TaggedItem item, Dictionary<TaggedKey, TaggedItem> present)
        {
            if (item.Identity is null || !keepsIdentity)
            {
                return null;
            }

            var found = item.Key.Kind == TaggedKind.Video ? Files(item) : Folders(item);
            return found.Where(other => !present.ContainsKey(other.Key))
                .Select(other => item with { Key = other.Key, MissingSince = null })
                .FirstOrDefault();
        }

        // A file that is moved keeps its length and its time.
        private IEnumerable<TaggedItem> Files(TaggedItem item)
        {
            byContent ??= library.Videos.ToLookup(video => (video.Bytes, video.ModifiedAt.UtcTicks));
            return byContent[(item.Bytes, item.ModifiedAt)]
                .Where(video => !string.Equals(video.Path, item.Key.Path, StringComparison.Ordinal))
                .Select(video => Describe(root, new TaggedKey(TaggedKind.Video, video.Path), video, keepsIdentity)!)
                .Where(other => other.Identity == item.Identity);
        }

        private IEnumerable<TaggedItem> Folders(TaggedItem item)
        {
            folders ??= library.Batches.Where(batch => batch.Videos > 0)
                .Select(batch => batch.Name)
                .Select(name => Describe(root, new TaggedKey(TaggedKind.Batch, name), video: null, keepsIdentity)!)
                .Where(folder => folder.Identity is not null)
                .GroupBy(folder => folder.Identity!.Value, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
            return folders.TryGetValue(item.Identity!.Value, out var folder) ? [folder] : [];
        }
    }
}
