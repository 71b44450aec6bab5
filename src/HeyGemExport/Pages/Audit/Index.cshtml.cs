using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Audit;

[Authorize(Policies.Operator)]
internal sealed class IndexModel(AuditTrail trail, TimeProvider time) : PageModel
{
    private const int PageSize = 100;

    /// <summary>The first day, in the server's time zone.</summary>
    [FromQuery(Name = "from")] public DateOnly? From { get; set; }

    /// <summary>The last day, in the server's time zone.</summary>
    [FromQuery(Name = "to")] public DateOnly? To { get; set; }

    [FromQuery(Name = "action")] public string? Filter { get; set; }

    // Page is a method of the base class.
    [FromQuery(Name = "page")] public int Number { get; set; } = 1;

    public AuditPage Records { get; private set; } = new([], 0, 1, PageSize);

    public int PageCount => PageModelExtensions.PageCount(Records.Total, Records.PageSize);
    public bool IsNarrowed => From is not null || To is not null || Filter is not null;

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

    public string PageHref(int page) => Query(Day(From), Day(To), page.ToString(CultureInfo.InvariantCulture));

    public string CsvQuery() => Query(Instant(Midnight(From)), Instant(Midnight(To?.AddDays(1))), page: null);

    private string Query(string? from, string? to, string? page) => QueryString.Create(
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["from"] = from, ["to"] = to, ["action"] = Filter, ["page"] = page }
            .Where(part => part.Value is not null)).ToString();

    // The first and last days of the calendar have no midnight in every time zone.
    private static DateOnly? Sane(DateOnly? day) => day is { Year: >= 1970 and < 9999 } ? day : null;

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Instant(DateTimeOffset? at) => at?.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    private DateTimeOffset? Midnight(DateOnly? day) =>
        day?.ToDateTime(TimeOnly.MinValue) is { } local ? new(local, time.LocalTimeZone.GetUtcOffset(local)) : null;
}
