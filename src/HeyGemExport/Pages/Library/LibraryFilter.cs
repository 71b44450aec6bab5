using HeyGemExport.Library;
using HeyGemExport.Library.Filters;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Pages.Library;

internal sealed record LibraryFilter(
    string? Text, IReadOnlyList<string> Tags, string? Batch, VideoState? State, DayRange? Days = null,
    VideoSort Sort = VideoSort.Newest, int Page = 1)
{
    public bool IsNarrowed => Text is not null || Batch is not null || State is not null || Days is not null || Tags.Count > 0;

    /// <summary>The query string of the page's address; only <c>?</c> for the whole library.</summary>
    public string Href()
    {
        (string Key, string? Value)[] parts =
        [
            ("q", Text),
            ("batch", Batch),
            .. Tags.Select(tag => ("tag", tag)),
            ("state", State?.ToString().ToLowerInvariant()),
            .. DayFields(),
            ("sort", Sort == VideoSort.Newest ? null : Sort.ToString().ToLowerInvariant()),
            ("page", Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : null),
        ];
        var present = parts.Where(part => part.Value is not null);
        var query = QueryString.Create(present.Select(part => KeyValuePair.Create(part.Key, part.Value)));
        return query.HasValue ? query.Value! : "?";
    }

    /// <summary>The days as an address and forms have them.</summary>
    public IEnumerable<(string Key, string? Value)> DayFields() =>
    [
        ("days", Days?.Kind.ToString().ToLowerInvariant()),
        ("from", Days?.From?.ToString("O", CultureInfo.InvariantCulture)),
        ("to", Days?.To?.ToString("O", CultureInfo.InvariantCulture)),
    ];

    public VideoQuery ToQuery(TimeZoneInfo zone, DateTimeOffset now)
    {
        var (since, before) = Days?.In(zone, now) ?? default;
        return new(Batch, Tags, Text, State, Sort, Page, Since: since, Before: before);
    }

    public string Address => "~/" + Href();

    public static LibraryFilter Of(FilterTerms terms) => new(terms.Text, terms.Tags, terms.Batch, terms.State, terms.Days);

    public bool HasTag(string tag) => Tags.Any(own => IsSame(own, tag));

    public LibraryFilter Toggle(string tag) =>
        this with { Page = 1, Tags = HasTag(tag) ? [.. Tags.Where(own => !IsSame(own, tag))] : [.. Tags, tag] };

    private static bool IsSame(string one, string other) => string.Equals(TagName.Key(one), TagName.Key(other), StringComparison.Ordinal);
}
