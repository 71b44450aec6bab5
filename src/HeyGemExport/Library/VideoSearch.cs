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

    /// <summary>By name where that is asked for, else newest first.</summary>
    public static IEnumerable<Video> Matching(LibrarySnapshot snapshot, VideoQuery query)
    {
        var search = new VideoSearch(query.Text ?? "");
        var tags = new TagMatch(query.Tags ?? []);
        var videos = (query.Sort, query.Batch) switch
        {
            (VideoSort.Name, null) => snapshot.ByName,
            (VideoSort.Name, { } batch) => snapshot.ByName.Where(video => Video.BatchOf(video.Path.AsSpan()).SequenceEqual(batch)),
            (_, null) => snapshot.Videos,
            (_, { } batch) => snapshot.InBatch(batch),
        };
        return videos.Where(video =>
            (query.State is null || video.State == query.State)
            && !(video.ModifiedAt < query.Since) && !(video.ModifiedAt >= query.Before)
            && tags.HasAll(video) && search.Matches(video));
    }

    public static VideoPage Page(LibrarySnapshot snapshot, VideoQuery query)
    {
        var size = Math.Clamp(query.PageSize, 1, VideoQuery.MaxPageSize);
        var page = Math.Max(query.Page, 1);
        var (total, bytes) = (0, 0L);
        foreach (var video in Matching(snapshot, query))
        {
            (total, bytes) = (total + 1, SaturatingSum.Add(bytes, video.Bytes));
        }

        var skip = (int)Math.Min((page - 1L) * size, total);
        return new VideoPage([.. Sort(Matching(snapshot, query), query.Sort).Skip(skip).Take(size)], total, bytes, page, size);
    }

    private static IEnumerable<Video> Sort(IEnumerable<Video> videos, VideoSort sort) => sort switch
    {
        VideoSort.Oldest => videos.OrderBy(video => video.ModifiedAt).ThenBy(video => video.Path, StringComparer.Ordinal),
        VideoSort.Largest => videos.OrderByDescending(video => video.Bytes).ThenBy(video => video.Path, StringComparer.Ordinal),
        _ => videos,
    };

    /// <summary>A text as it is compared: accents and Hangul as one character each (Unicode NFC).</summary>
    public static string Compose(string text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            return text;
        }

        // Half a surrogate pair and U+FFFE cannot be normalised. As UTF-8 and back the half becomes a replacement character.
        var whole = text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
        return whole.Replace('\uFFFE', '\uFFFD').Normalize(NormalizationForm.FormC);
    }
}
