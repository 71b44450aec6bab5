using System.Text;

namespace HeyGemExport.Exports.Archives;

/// <summary>Names of entries: what a source is called in the archive, on every system that unpacks it.</summary>
/// <remarks>
/// A name that is safe everywhere stays exactly as it is. Others are put into NFC, and characters that no file name
/// can hold everywhere (control characters, <c>\</c>, halves of surrogate pairs) become <c>_</c>. Names that differ
/// only by case or normalisation would overwrite each other on Windows and macOS, folders as well as files: the later
/// ones get <c> (2)</c>, <c> (3)</c>… before their extension.
/// </remarks>
public static class ArchiveNames
{
    /// <summary>The entry name of each path, in the same order; the same paths in the same order give the same names.</summary>
    /// <param name="paths">Relative paths with <c>/</c>, each of them once.</param>
    /// <exception cref="ArgumentException">A path is given twice, or has an empty, <c>.</c> or <c>..</c> segment.</exception>
    public static IReadOnlyList<string> For(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var root = new Node("", isFile: false);
        var files = new Node[paths.Count];
        for (var i = 0; i < files.Length; i++)
        {
            files[i] = root.AddFile(paths[i]);
        }

        root.NameChildren(prefix: "");
        return Array.ConvertAll(files, file => file.EntryName);
    }

    /// <summary>A name at the top of the archive that none of the entries has, compared as a system without case would.</summary>
    internal static string Unused(string wanted, IEnumerable<string> entryNames)
    {
        var taken = entryNames.Select(name => Key(name.Split('/')[0])).ToHashSet(StringComparer.Ordinal);
        return FirstFree(wanted, isFile: true, taken);
    }

    private static string Safe(string segment)
    {
        var runes = new StringBuilder(segment.Length);
        foreach (var rune in segment.EnumerateRunes())
        {
            // EnumerateRunes gives U+FFFD for half a surrogate pair, which normalisation would refuse.
            runes.Append(Rune.IsControl(rune) || rune.Value == '\\' ? "_" : rune.ToString());
        }

        return runes.ToString().Normalize(NormalizationForm.FormC);
    }

    private static string Key(string name) => name.Normalize(NormalizationForm.FormC).ToUpperInvariant();

    private static string FirstFree(string name, bool isFile, HashSet<string> taken)
    {
        var extension = isFile ? Path.GetExtension(name) : "";
        var stem = name[..^extension.Length];
        var candidate = name;
        for (var number = 2; !taken.Add(Key(candidate)); number++)
        {
            candidate = $"{stem} ({number}){extension}";
        }

        return candidate;
    }

    private sealed class Node(string sourceName, bool isFile)
    {
        private readonly List<Node> children = [];
        private readonly Dictionary<(string Name, bool IsFile), Node> byName = [];

        public string EntryName { get; private set; } = "";

        public Node AddFile(string path)
        {
            var segments = path.Split('/');
            if (segments.Any(segment => segment is "" or "." or ".."))
            {
                throw new ArgumentException($"Not a relative path: '{path}'.", nameof(path));
            }

            var folder = this;
            foreach (var segment in segments[..^1])
            {
                folder = folder.Child(segment, isFile: false, out _);
            }

            var file = folder.Child(segments[^1], isFile: true, out var isNew);
            return isNew ? file : throw new ArgumentException($"Given twice: '{path}'.", nameof(path));
        }

        public void NameChildren(string prefix)
        {
            var taken = new HashSet<string>(children.Count, StringComparer.Ordinal);
            var unnamed = new List<Node>();

            // Names that are safe as they are come first: a repaired or numbered name must not take theirs.
            foreach (var child in children)
            {
                if (string.Equals(child.SourceName, Safe(child.SourceName), StringComparison.Ordinal) && taken.Add(Key(child.SourceName)))
                {
                    child.EntryName = prefix + child.SourceName;
                }
                else
                {
                    unnamed.Add(child);
                }
            }

            foreach (var child in unnamed)
            {
                child.EntryName = prefix + FirstFree(Safe(child.SourceName), child.IsFile, taken);
            }

            foreach (var child in children.Where(child => !child.IsFile))
            {
                child.NameChildren(child.EntryName + "/");
            }
        }

        private string SourceName { get; } = sourceName;

        private bool IsFile { get; } = isFile;

        private Node Child(string name, bool isFile, out bool isNew)
        {
            isNew = !byName.TryGetValue((name, isFile), out var child);
            if (isNew)
            {
                child = new Node(name, isFile);
                byName.Add((name, isFile), child);
                children.Add(child);
            }

            return child!;
        }
    }
}
