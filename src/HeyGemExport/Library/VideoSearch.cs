using System.Text;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Library;

/// <summary>Words that a path must contain, all of them, without case and however its accents are encoded.</summary>
internal sealed class VideoSearch(string text)
{
    private readonly string[] words = Compose(text).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);

    public bool Matches(Video video)
    {
        if (words.Length == 0)
        {
            return true;
        }

        var path = Compose(video.Path);
        return Array.TrueForAll(words, word => path.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    public static IEnumerable<Video> Matching(IReadOnlyList<Video> videos, VideoQuery query)
    {
        var search = new VideoSearch(query.Text ?? "");
        var tags = new TagMatch(query.Tags ?? []);
        return videos.Where(video =>
            (query.Batch is null || string.Equals(video.Batch, query.Batch, StringComparison.Ordinal))
            && (query.State is null || video.State == query.State)
            && tags.HasAll(video)
            && search.Matches(video));
    }

    /// <summary>Expects the videos newest first.</summary>
    public static VideoPage Page(IReadOnlyList<Video> videos, VideoQuery query)
    {
        List<Video> matching = [.. Matching(videos, query)];
        var size = Math.Clamp(query.PageSize, 1, VideoQuery.MaxPageSize);
        var page = Math.Max(query.Page, 1);
        var skip = (int)Math.Min((page - 1L) * size, matching.Count);
        var items = Sort(matching, query.Sort).Skip(skip).Take(size);
        return new VideoPage([.. items], matching.Count, matching.Sum(video => video.Bytes), page, size);
    }

    private static IEnumerable<Video> Sort(List<Video> newestFirst, VideoSort sort) => sort switch
    {
        VideoSort.Oldest => newestFirst.OrderBy(video => video.ModifiedAt).ThenBy(video => video.Path, StringComparer.Ordinal),
        VideoSort.Name => newestFirst
            .OrderBy(video => video.Path, StringComparer.OrdinalIgnoreCase)
            .ThenBy(video => video.Path, StringComparer.Ordinal),
        VideoSort.Largest => newestFirst.OrderByDescending(video => video.Bytes).ThenBy(video => video.Path, StringComparer.Ordinal),
        _ => newestFirst,
    };

    /// <summary>A text as it is compared: accents and Hangul as one character each (Unicode NFC).</summary>
    public static string Compose(string text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            return text;
        }

        // Half a surrogate pair cannot be normalised; as UTF-8 and back it becomes a replacement character.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Normalize(NormalizationForm.FormC);
    }
}
