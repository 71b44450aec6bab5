using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.FileSystem;

namespace HeyGemExport.Library.Tags;

internal sealed class TagEditor(LibraryIndex library, TagService tags, OutputsRoot outputs, AuditTrail audit)
{
    private const int NamesInAudit = 20;

    /// <summary>Makes all of the changes, or none.</summary>
    public async Task<TagEditResult> EditAsync(TagEdit edit, Caller caller, CancellationToken cancellationToken)
    {
        if (RefuseTags(edit) is { } refused)
        {
            return refused;
        }

        List<TaggedKey> keys = [.. KeysOf(edit).Distinct()];
        if (keys.Count is 0 or > TagEdit.MaxItems)
        {
            return new TagEditResult.Refused(keys.Count == 0 ? "nothing-named" : "too-many-items");
        }

        var (targets, unlisted) = await FindAsync(keys, cancellationToken);
        if (unlisted.Count > 0)
        {
            return new TagEditResult.Refused("not-listed", unlisted);
        }

        IReadOnlyList<string> add = TagName.Distinct((edit.Add ?? []).Select(TagName.Read).OfType<string>());
        IReadOnlyList<string> remove = edit.Remove ?? [];
        var change = await tags.ChangeAsync(targets, add, remove, cancellationToken);
        if (change.Full.Count > 0)
        {
            return new TagEditResult.Refused("too-many-tags", [.. change.Full.Select(key => key.Path)]);
        }

        if (change.Changed > 0)
        {
            library.Retag();
            await RecordAsync(keys, add, remove, change.Changed, caller, cancellationToken);
        }

        return change.Changed == 0 && FromElsewhere(keys, remove) is { Count: > 0 } elsewhere
            ? new TagEditResult.Refused("tag-elsewhere", elsewhere)
            : new TagEditResult.Done(change.Changed);
    }

    private static TagEditResult.Refused? RefuseTags(TagEdit edit)
    {
        IReadOnlyList<string> add = edit.Add ?? [];
        if (add.Count == 0 && edit.Remove is not { Count: > 0 })
        {
            return new TagEditResult.Refused("no-tags");
        }

        List<string> wrong = [.. add.Where(tag => TagName.Read(tag) is null)];
        return wrong.Count > 0 ? new TagEditResult.Refused("tag-invalid", wrong) : null;
    }

    private static IEnumerable<TaggedKey> KeysOf(TagEdit edit) =>
        (edit.Paths ?? []).Select(path => new TaggedKey(TaggedKind.Video, path))
            .Concat((edit.Batches ?? []).Select(name => new TaggedKey(TaggedKind.Batch, name.Length == 0 ? Video.Ungrouped : name)));

    private async Task<(IReadOnlyList<TaggedItem> Targets, IReadOnlyList<string> Unlisted)> FindAsync(
        List<TaggedKey> keys, CancellationToken cancellationToken)
    {
        var snapshot = library.Current;
        var keepsIdentity = await outputs.KeepsIdentityAsync(cancellationToken);
        var batches = snapshot.Batches.Select(batch => batch.Name).ToHashSet(StringComparer.Ordinal);
        List<TaggedItem> targets = new(keys.Count);
        List<string> unlisted = [];
        foreach (var key in keys)
        {
            var isThere = key.Kind == TaggedKind.Video || batches.Contains(key.Path);
            if (isThere && TagTracker.Describe(outputs, key, snapshot.Find(key.Path), keepsIdentity) is { } target)
            {
                targets.Add(target);
            }
            else
            {
                unlisted.Add(key.Path);
            }
        }

        return (targets, unlisted);
    }

    private List<string> FromElsewhere(List<TaggedKey> keys, IReadOnlyList<string> remove)
    {
        var snapshot = library.Current;
        var unwanted = remove.Select(TagName.Key).ToHashSet(StringComparer.Ordinal);
        var batches = snapshot.Batches.ToDictionary(batch => batch.Name, StringComparer.Ordinal);
        return
        [
            .. keys
                .SelectMany(key => (key.Kind == TaggedKind.Video
                    ? snapshot.Find(key.Path)?.AppliedTags
                    : batches.GetValueOrDefault(key.Path)?.Tags) ?? [])
                .Select(tag => tag.Name)
                .Where(tag => unwanted.Contains(TagName.Key(tag)))
                .DistinctBy(TagName.Key, StringComparer.Ordinal),
        ];
    }

    private Task RecordAsync(
        List<TaggedKey> keys,
        IReadOnlyList<string> add,
        IReadOnlyList<string> remove,
        int changed,
        Caller caller,
        CancellationToken cancellationToken)
    {
        var signs = add.Select(tag => $"+{tag}").Concat(remove.Select(tag => $"-{tag}"));
        var more = keys.Count > NamesInAudit ? $", and {keys.Count - NamesInAudit} more" : "";
        var detail = $"{string.Join(' ', signs)}: {string.Join(", ", keys.Take(NamesInAudit).Select(key => key.Path))}{more}";
        return audit.RecordAsync(AuditActions.TagsChanged, caller, cancellationToken, fileCount: changed, detail: detail);
    }
}
