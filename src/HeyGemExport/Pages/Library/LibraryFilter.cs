using System.Globalization;
using HeyGemExport.Library;
using Microsoft.AspNetCore.Http.Extensions;

namespace HeyGemExport.Pages.Library;

/// <summary>What the library page shows, as its address says it.</summary>
/// <param name="Text">Words of a search.</param>
/// <param name="Batch">One batch.</param>
/// <param name="State">One state.</param>
/// <param name="Sort">The order.</param>
/// <param name="Page">From 1.</param>
public sealed record LibraryFilter(string? Text, string? Batch, VideoState? State, VideoSort Sort, int Page)
{
    /// <summary>Whether it leaves anything out.</summary>
    public bool IsNarrowed => Text is not null || Batch is not null || State is not null;

    /// <summary>The query part of the page's address; empty for the whole library.</summary>
    public string Href()
    {
        var query = new QueryBuilder();
        Add(query, "q", Text);
        Add(query, "batch", Batch);
        Add(query, "state", State?.ToString().ToLowerInvariant());
        Add(query, "sort", Sort == VideoSort.Newest ? null : Sort.ToString().ToLowerInvariant());
        Add(query, "page", Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : null);
        return query.ToQueryString().Value is { Length: > 0 } value ? value : "?";
    }

    /// <summary>The same filter as the library's query.</summary>
    public VideoQuery ToQuery() => new(Batch, Text: Text, State: State, Sort: Sort, Page: Page);

    private static void Add(QueryBuilder query, string key, string? value)
    {
        if (value is not null)
        {
            query.Add(key, value);
        }
    }
}
