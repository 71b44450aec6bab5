namespace HeyGemExport.Archives;

/// <remarks>A name that is safe everywhere stays exactly as it is; <see cref="PortableName"/> and <see cref="NameLength"/> describe what is
/// changed. Names of files or folders that would overwrite each other on some system (<see cref="NameKey"/>) are numbered <c> (2)</c>,
/// <c> (3)</c>… before their extension. Naming is idempotent: entry names stay as they are.</remarks>
internal static class ArchiveNames
{
    // A numbered or shortened name may itself need a change. In tests with hostile names the second pass changed nothing.
    private const int MostPasses = 8;

    /// <summary>The same set of paths gives the same names, whatever its order.</summary>
    /// <exception cref="ArgumentException">A path is given twice, or has an empty, <c>.</c> or <c>..</c> segment.</exception>
    public static IReadOnlyList<string> For(IReadOnlyList<string> paths)
    {
        var before = paths;
        var names = NamedOnce(before);
        for (var pass = 2; pass <= MostPasses && !names.SequenceEqual(before, StringComparer.Ordinal); pass++)
        {
            before = names;
            names = NamedOnce(before);
        }

        return names;
    }

    /// <summary>A name at the top of the archive that no entry has, compared as a case-insensitive system would.</summary>
    internal static string Unused(string wanted, IEnumerable<string> entryNames)
    {
        var taken = new TakenNames();
        foreach (var name in entryNames.Select(name => name.Split('/')[0]).Distinct(StringComparer.Ordinal))
        {
            taken.TryTake(name);
        }

        return taken.TakeFree(wanted, isFile: true, NameLength.SegmentUnits);
    }

    private static string[] NamedOnce(IReadOnlyList<string> paths)
    {
        var root = new Node("", isFile: false);
        var files = new Node[paths.Count];
        for (var i = 0; i < files.Length; i++)
        {
            files[i] = root.AddFile(paths[i]);
        }

        root.NameChildren(prefix: "");
        return Array.ConvertAll(files, file => file.EntryName);
    }

    private sealed class TakenNames
    {
        // Each name with the next number to try, so that many files of one name do not take quadratic time.
        private readonly Dictionary<string, int> nextNumbers = new(StringComparer.Ordinal);

        public bool TryTake(string name) => nextNumbers.TryAdd(NameKey.Of(name), 2);

        public string TakeFree(string name, bool isFile, int maxUnits)
        {
            var candidate = NameLength.Cut(name, isFile, number: "", maxUnits);
            if (TryTake(candidate))
            {
                return candidate;
            }

            var key = NameKey.Of(candidate);
            var number = nextNumbers[key];
            do
            {
                candidate = NameLength.Cut(name, isFile, string.Create(CultureInfo.InvariantCulture, $" ({number})"), maxUnits);
                number++;
            }
            while (!TryTake(candidate));

            nextNumbers[key] = number;
            return candidate;
        }
    }

    private sealed class Node(string sourceName, bool isFile)
    {
        private readonly List<Node> children = [];
        private readonly Dictionary<(string Name, bool IsFile), Node> byName = [];
        private readonly string portable = sourceName.Length == 0 ? "" : PortableName.Of(sourceName);

        public string EntryName { get; private set; } = "";

        /// <summary>The least length of the longest path below: its separators, and its names as short as they may be cut.</summary>
        private int LeastBelow { get; set; }

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
            Measure();
            Name(prefix);
        }

        private void Measure()
        {
            foreach (var child in children)
            {
                child.Measure();
                LeastBelow = Math.Max(LeastBelow, 1 + Math.Min(child.portable.Length, NameLength.LeastUnits) + child.LeastBelow);
            }
        }

        private void Name(string prefix)
        {
            var taken = new TakenNames();
            var unnamed = new List<Node>();
            children.Sort((left, right) => string.CompareOrdinal(left.SourceName, right.SourceName) is not 0 and var order
                ? order
                : left.IsFile.CompareTo(right.IsFile));

            // Names that are safe as they are come first: a repaired or numbered name must not take theirs.
            foreach (var child in children)
            {
                if (child.IsSafe(prefix.Length) && taken.TryTake(child.SourceName))
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
                child.EntryName = prefix + taken.TakeFree(child.portable, child.IsFile, child.MaxUnits(prefix.Length));
            }

            foreach (var child in children.Where(child => !child.IsFile))
            {
                child.Name(child.EntryName + "/");
            }
        }

        private bool IsSafe(int prefixUnits) =>
            string.Equals(SourceName, NameLength.Cut(portable, IsFile, number: "", MaxUnits(prefixUnits)), StringComparison.Ordinal);

        private int MaxUnits(int prefixUnits) => Math.Max(NameLength.LeastUnits, NameLength.PathUnits - prefixUnits - LeastBelow);

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
