using System.Globalization;
using HeyGemExport.Library;
using HeyGemExport.Library.Filters;
using HeyGemExport.Library.Tags;
using Microsoft.AspNetCore.Http.Extensions;

namespace HeyGemExport.Pages.Library;

/// <summary>What the library page shows, as its address says it.</summary>
/// <param name="Text">Words of a search.</param>
/// <param name="Batch">One batch.</param>
/// <param name="State">One state.</param>
/// <param name="Sort">The order.</param>
/// <param name="Page">From 1.</param>
internal sealed record LibraryFilter(string? Text, string? Batch, VideoState? State, VideoSort Sort, int Page)
{
    /// <summary>Tags, all of which a video must have.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether it leaves anything out.</summary>
    public bool IsNarrowed => Text is not null || Batch is not null || State is not null || Tags.Count > 0;

    /// <summary>The query part of the page's address; empty for the whole library.</summary>
    public string Href()
    {
        var query = new QueryBuilder();
        Add(query, "q", Text);
        Add(query, "batch", Batch);
        foreach (var tag in Tags)
        {
            query.Add("tag", tag);
        }

        Add(query, "state", State?.ToString().ToLowerInvariant());
        Add(query, "sort", Sort == VideoSort.Newest ? null : Sort.ToString().ToLowerInvariant());
        Add(query, "page", Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : null);
        return query.ToQueryString().Value is { Length: > 0 } value ? value : "?";
    }

    /// <summary>The same filter as the library's query.</summary>
    public VideoQuery ToQuery() => new(Batch, Tags, Text: Text, State: State, Sort: Sort, Page: Page);

    /// <summary>The page's address, below the app's root.</summary>
    public string Address => "~/" + Href();

    /// <summary>A filter that was saved.</summary>
    public static LibraryFilter Of(FilterTerms terms)
    {
        return new(terms.Text, terms.Batch, terms.State, VideoSort.Newest, 1) { Tags = terms.Tags };
    }

    /// <summary>Whether it asks for a tag.</summary>
    public bool HasTag(string tag) => Tags.Any(own => string.Equals(TagName.Key(own), TagName.Key(tag), StringComparison.Ordinal));

    /// <summary>The same with a tag more, or without it where it has it.</summary>
    public LibraryFilter Toggle(string tag) => this with
    {
        Page = 1,
        Tags = HasTag(tag) ? [.. Tags.Where(own => !string.Equals(TagName.Key(own), TagName.Key(tag), StringComparison.Ordinal))] : [.. Tags, tag],
    };

    private static void Add(QueryBuilder query, string key, string? value)
    {
        if (value is not null)
        {
            query.Add(key, value);
        }
    }
}
