using System.Globalization;
using HeyGemExport.Accounts;
using HeyGemExport.Library;
using HeyGemExport.Library.Filters;
using HeyGemExport.Library.Tags;
using HeyGemExport.Ops;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Pages.Library;

/// <summary>The library: every video with its state, filtered, sorted, paged and picked.</summary>
public sealed class IndexModel(
    LibraryIndex library,
    OutputsRoot outputs,
    SystemCheck check,
    SavedFilterStore filters,
    IStringLocalizer<LibraryTexts> reasons,
    IStringLocalizer<PageTexts> words) : PageModel
{
    /// <summary>The most batches that the side list shows; a search finds the others.</summary>
    public const int MaxBatches = 300;

    /// <summary>The most tags that the side list shows; an address finds the others.</summary>
    public const int MaxTags = 200;

    /// <summary>Words that the path must contain.</summary>
    [FromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>One batch.</summary>
    [FromQuery(Name = "batch")]
    public string? Batch { get; set; }

    /// <summary>Tags, all of them.</summary>
    [FromQuery(Name = "tag")]
    public IReadOnlyList<string>? Tags { get; set; }

    /// <summary>One state.</summary>
    [FromQuery(Name = "state")]
    public VideoState? State { get; set; }

    /// <summary>The order.</summary>
    [FromQuery(Name = "sort")]
    public VideoSort Sort { get; set; }

    /// <summary>From 1. Named apart from <see cref="PageModel.Page"/>.</summary>
    [FromQuery(Name = "page")]
    public int Number { get; set; } = 1;

    /// <summary>What is shown.</summary>
    public LibraryFilter Filter { get; private set; } = new(null, null, null, VideoSort.Newest, 1);

    /// <summary>What the last scan found.</summary>
    public LibrarySnapshot Snapshot { get; private set; } = LibrarySnapshot.Empty;

    /// <summary>The page of videos.</summary>
    public VideoPage Videos { get; private set; } = new([], 0, 0, 1, 1);

    /// <summary>What of the filter can be packed, all pages together.</summary>
    public VideoPage Packable { get; private set; } = new([], 0, 0, 1, 1);

    /// <summary>What of the library is in each state.</summary>
    public IReadOnlyDictionary<VideoState, int> Counts { get; private set; } = new Dictionary<VideoState, int>();

    /// <summary>Bytes that can be packed, by batch.</summary>
    public IReadOnlyDictionary<string, long> PackableBytes { get; private set; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The filters that this person has saved.</summary>
    public IReadOnlyList<SavedFilter> SavedFilters { get; private set; } = [];

    /// <summary>Why a filter was not saved, or null.</summary>
    [TempData]
    public string? SaveProblem { get; set; }

    /// <summary>The batch that is shown alone, with its tags; null when several are.</summary>
    public BatchSummary? ShownBatch => Filter.Batch is { } name ? Snapshot.Batches.FirstOrDefault(batch => string.Equals(batch.Name, name, StringComparison.Ordinal)) : null;

    /// <summary>Checks that did not pass.</summary>
    public IReadOnlyList<CheckResult> Concerns { get; private set; } = [];

    /// <summary>Where the library looks.</summary>
    public string OutputsPath => outputs.FullPath;

    /// <summary>Changes whenever the page would look different.</summary>
    public string Version { get; private set; } = "";

    /// <summary>How many pages the filter has.</summary>
    public int PageCount => Math.Max(1, (Videos.Total + Videos.PageSize - 1) / Videos.PageSize);

    /// <summary>Shows the library.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Snapshot = library.Current;
        Concerns = await ConcernsAsync(cancellationToken);
        Version = VersionOf(Snapshot, Concerns);
        Filter = new(Blank(Text), Blank(Batch), State, Enum.IsDefined(Sort) ? Sort : VideoSort.Newest, Math.Max(1, Number))
        {
            Tags = TagName.Distinct((Tags ?? []).Where(tag => !string.IsNullOrWhiteSpace(tag))),
        };
        SavedFilters = await filters.ListOrNoneAsync(Caller.Of(HttpContext).Who, cancellationToken);
        Videos = library.Query(Filter.ToQuery());
        if (Filter.Page > PageCount)
        {
            Filter = Filter with { Page = PageCount };
            Videos = library.Query(Filter.ToQuery());
        }

        Packable = Filter.State is null or VideoState.Ready
            ? library.Query(Filter.ToQuery() with { State = VideoState.Ready, Page = 1, PageSize = 1 })
            : Packable;
        Counts = Snapshot.Videos.CountBy(video => video.State).ToDictionary();
        PackableBytes = Snapshot.Videos
            .Where(video => video.State == VideoState.Ready)
            .GroupBy(video => video.Batch, StringComparer.Ordinal)
            .ToDictionary(batch => batch.Key, batch => batch.Sum(video => video.Bytes), StringComparer.Ordinal);
    }

    /// <summary>The version alone, for a page that wants to know whether to refresh itself.</summary>
    public async Task<ContentResult> OnGetVersionAsync(CancellationToken cancellationToken)
    {
        Response.Headers.CacheControl = "no-store";
        return Content(VersionOf(library.Current, await ConcernsAsync(cancellationToken)), "text/plain");
    }

    /// <summary>Keeps the filter that is shown under a name.</summary>
    public async Task<IActionResult> OnPostSaveFilterAsync(
        [FromForm] string? name, [FromForm] string? q, [FromForm] string[]? tag, [FromForm] string? batch, [FromForm] VideoState? state, CancellationToken cancellationToken)
    {
        var terms = new FilterTerms(Blank(q), TagName.Distinct((tag ?? []).Where(text => !string.IsNullOrWhiteSpace(text))), Blank(batch), state);
        SaveProblem = await filters.SaveAsync(Caller.Of(HttpContext).Who, name, terms, cancellationToken) switch
        {
            SaveFilterResult.NameInvalid => words["Saved.NameInvalid", TagName.MaxLength].Value,
            SaveFilterResult.TooMany => words["Saved.TooMany", SavedFilterStore.MaxPerPerson].Value,
            _ => null,
        };
        return Redirect(Url.Content("~/") + LibraryFilter.Of(terms).Href());
    }

    /// <summary>Forgets a filter.</summary>
    public async Task<IActionResult> OnPostDeleteFilterAsync([FromForm] string? id, [FromForm] string? returnUrl, CancellationToken cancellationToken)
    {
        await filters.DeleteAsync(Caller.Of(HttpContext).Who, id ?? "", cancellationToken);
        return Redirect(Url.Content("~/") + (returnUrl is { Length: > 0 } && returnUrl[0] == '?' ? returnUrl : ""));
    }

    /// <summary>A video as a row.</summary>
    public VideoRow Row(Video video)
    {
        ArgumentNullException.ThrowIfNull(video);
        return new(video, video.Fault is { } fault ? Explain(fault) : null, [.. video.Notes.Select(Explain)]);
    }

    /// <summary>A fault in the person's language.</summary>
    public string Explain(VideoFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return reasons.Describe(fault);
    }

    /// <summary>The number of videos in a state.</summary>
    public int Count(VideoState state) => Counts.GetValueOrDefault(state);

    private async Task<IReadOnlyList<CheckResult>> ConcernsAsync(CancellationToken cancellationToken) =>
        [.. (await check.CurrentAsync(cancellationToken)).Where(result => result.State != CheckState.Ok)];

    private static string VersionOf(LibrarySnapshot snapshot, IReadOnlyList<CheckResult> concerns) => string.Create(
        CultureInfo.InvariantCulture,
        $"{snapshot.Version}.{snapshot.ScannedAt is not null}.{snapshot.Fault?.Code}.{string.Join('+', concerns.Select(concern => concern.Code))}");

    private static string? Blank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
