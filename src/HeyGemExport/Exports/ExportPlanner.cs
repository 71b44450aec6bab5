using System.Security.Cryptography;
using System.Text;
using HeyGemExport.Exports.Archives;
using HeyGemExport.Library;

namespace HeyGemExport.Exports;

/// <summary>What a selection comes to at one moment.</summary>
/// <param name="Contract">What would be packed.</param>
/// <param name="LeftOut">What belongs to the selection and would not be packed.</param>
/// <param name="Unpackable">What was named and cannot be packed; the request is refused when there is any.</param>
/// <param name="Fault">Why the outputs folder could not be read, or null.</param>
public sealed record ExportPlan(
    ArchiveContract Contract, IReadOnlyList<FileIssue> LeftOut, IReadOnlyList<FileIssue> Unpackable, VideoFault? Fault)
{
    /// <summary>The most bytes that the archive can take.</summary>
    public long RequiredBytes { get; } = ArchiveSize.UpperBound(Contract);

    /// <summary>The same for the same files, unchanged, packed in the same way; 64 hex digits.</summary>
    public string ContentKey()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Contract.Compression}|{Contract.Checksums}\n"));
        foreach (var entry in Contract.Entries.OrderBy(entry => entry.Path, StringComparer.Ordinal))
        {
            // No path holds a NUL, so two different lists never read the same.
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry.Path}\0{entry.Bytes}\0{entry.ModifiedAt.UtcTicks}\0"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Turns a selection into a contract, from a scan that begins after the request.</summary>
public sealed class ExportPlanner(LibraryIndex library)
{
    /// <summary>What the selection comes to now.</summary>
    public async Task<ExportPlan> PlanAsync(Selection selection, PackOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(options);
        var snapshot = await library.RefreshAsync(cancellationToken);
        var unpackable = new List<FileIssue>();
        var packed = new Dictionary<string, Video>(StringComparer.Ordinal);
        var leftOut = new List<FileIssue>();

        foreach (var path in (selection.Paths ?? []).Distinct(StringComparer.Ordinal))
        {
            var video = snapshot.Find(path);
            if (Obstacle(video, options) is { } reason)
            {
                unpackable.Add(new FileIssue(path, reason));
            }
            else
            {
                packed[path] = video!;
            }
        }

        foreach (var video in Chosen(selection, snapshot))
        {
            if (Obstacle(video, options) is not { } reason)
            {
                packed[video.Path] = video;
            }
            else if (!unpackable.Exists(issue => string.Equals(issue.Path, video.Path, StringComparison.Ordinal)))
            {
                leftOut.Add(new FileIssue(video.Path, reason));
            }
        }

        return new ExportPlan(Contract([.. packed.Values], options), leftOut, unpackable, snapshot.Fault);
    }

    private static string? Obstacle(Video? video, PackOptions options) => video?.State switch
    {
        null => "not-found",
        VideoState.Writing => "writing",
        VideoState.Broken when !options.IncludeBroken => "broken",
        _ => null,
    };

    private IEnumerable<Video> Chosen(Selection selection, LibrarySnapshot snapshot)
    {
        if (selection.All)
        {
            return snapshot.Videos;
        }

        // An empty name is what a form sends for the ungrouped batch.
        var batches = (selection.Batches ?? []).Select(name => name.Length == 0 ? Video.Ungrouped : name).ToHashSet(StringComparer.Ordinal);
        var tags = (selection.Tags ?? []).ToHashSet(StringComparer.Ordinal);
        var found = string.IsNullOrWhiteSpace(selection.Query)
            ? []
            : library.Search(selection.Query).Select(video => video.Path).ToHashSet(StringComparer.Ordinal);
        return snapshot.Videos.Where(video => batches.Contains(video.Batch) || found.Contains(video.Path) || video.Tags.Any(tags.Contains));
    }

    private static ArchiveContract Contract(List<Video> videos, PackOptions options)
    {
        videos.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        var names = ArchiveNames.For([.. videos.Select(video => video.Path)]);
        return new ArchiveContract(
            [.. videos.Select((video, index) => new ContractEntry(video.Path, names[index], video.Bytes, video.ModifiedAt))],
            options.Compression,
            options.Checksums);
    }
}
