using System.Globalization;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HeyGemExport.Pages.Audit;

/// <summary>The audit trail, newest first.</summary>
[Authorize(Policies.Operator)]
internal sealed class IndexModel(AuditTrail trail, TimeProvider time) : PageModel
{
    private const int PageSize = 100;

    /// <summary>The first day, in the server's zone.</summary>
    [FromQuery(Name = "from")]
    public DateOnly? From { get; set; }

    /// <summary>The last day, in the server's zone.</summary>
    [FromQuery(Name = "to")]
    public DateOnly? To { get; set; }

    /// <summary>One action.</summary>
    [FromQuery(Name = "action")]
    public string? Filter { get; set; }

    /// <summary>From 1.</summary>
    [FromQuery(Name = "page")]
    public int Number { get; set; } = 1;

    /// <summary>The page of records.</summary>
    public AuditPage Records { get; private set; } = new([], 0, 1, PageSize);

    /// <summary>How many pages there are.</summary>
    public int PageCount => Math.Max(1, (Records.Total + Records.PageSize - 1) / Records.PageSize);

    /// <summary>Whether anything is left out.</summary>
    public bool IsNarrowed => From is not null || To is not null || Filter is not null;

    /// <summary>Shows the records that match.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Filter = AuditActions.All.Contains(Filter, StringComparer.Ordinal) ? Filter : null;
        (From, To) = (Sane(From), Sane(To));
        var query = new AuditQuery(Midnight(From), Midnight(To?.AddDays(1)), Filter, Math.Max(1, Number), PageSize);
        Records = await trail.QueryAsync(query, cancellationToken);
        if (query.Page > PageCount)
        {
            Records = await trail.QueryAsync(query with { Page = PageCount }, cancellationToken);
        }
    }

    /// <summary>The address of another page of the same filter.</summary>
    public string PageHref(int page) => Query(Day(From), Day(To), page.ToString(CultureInfo.InvariantCulture));

    /// <summary>The query part of the CSV's address: the same filter, as points in time.</summary>
    public string CsvQuery() => Query(Instant(Midnight(From)), Instant(Midnight(To?.AddDays(1))), page: null);

    private string Query(string? from, string? to, string? page)
    {
        var query = new QueryBuilder();
        foreach (var (key, value) in new[] { ("from", from), ("to", to), ("action", Filter), ("page", page) })
        {
            if (value is not null)
            {
                query.Add(key, value);
            }
        }

        return query.ToQueryString().Value ?? "";
    }

    // Days at the very ends of the calendar have no midnight in every zone.
    private static DateOnly? Sane(DateOnly? day) => day is { Year: >= 1970 and < 9999 } ? day : null;

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Instant(DateTimeOffset? at) => at?.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    private DateTimeOffset? Midnight(DateOnly? day)
    {
        if (day is not { } date)
        {
            return null;
        }

        var local = date.ToDateTime(TimeOnly.MinValue);
        return new(local, time.LocalTimeZone.GetUtcOffset(local));
    }
}
