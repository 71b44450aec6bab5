using HeyGemExport.Accounts;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.FileSystem;
using HeyGemExport.Health;
using HeyGemExport.Library;
using HeyGemExport.Library.Filters;
using HeyGemExport.Library.Posters;
using HeyGemExport.Library.Tags;
using HeyGemExport.Localization;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Library;

internal sealed class IndexModel(
    LibraryIndex library, OutputsRoot outputs, SystemCheck check, SavedFilterStore filters, PosterService posters,
    DownloadHistory history, TimeProvider time, IStringLocalizer<LibraryTexts> reasons, IStringLocalizer<PageTexts> words) : PageModel
{
    /// <summary>The most batches that the side list shows; a search finds the others.</summary>
    public const int MaxBatches = 300;

    public const int MaxTags = 200;

    /// <summary>The most videos that are picked one by one; more are packed as what is shown.</summary>
    public const int PickableAtOnce = PagesRegistration.MaxFormValues - 1000;

    [FromQuery(Name = "q")] public string? Text { get; set; }
    [FromQuery(Name = "batch")] public string? Batch { get; set; }
    [FromQuery(Name = "tag")] public IReadOnlyList<string>? Tags { get; set; }
    [FromQuery(Name = "state")] public VideoState? State { get; set; }
    [FromQuery(Name = "days")] public DayRangeKind? Days { get; set; }
    [FromQuery(Name = "from")] public DateOnly? From { get; set; }
    [FromQuery(Name = "to")] public DateOnly? To { get; set; }
    [FromQuery(Name = "sort")] public VideoSort Sort { get; set; }
    [FromQuery(Name = "page")] public int Number { get; set; } = 1;

    public LibraryFilter Filter { get; private set; } = new(null, [], null, null);

    /// <summary>What the filter asks for now.</summary>
    public VideoQuery Query { get; private set; } = new();

    public LibrarySnapshot Snapshot { get; private set; } = LibrarySnapshot.Empty;
    public VideoPage Videos { get; private set; } = new([], 0, 0, 1, 1);

    /// <summary>On all pages together.</summary>
    public VideoPage Packable { get; private set; } = new([], 0, 0, 1, 1);

    public IReadOnlyDictionary<string, long> PackableBytes { get; private set; } = new Dictionary<string, long>(StringComparer.Ordinal);
    public IReadOnlyList<SavedFilter> SavedFilters { get; private set; } = [];

    public DownloadedVideos Downloaded { get; private set; } = DownloadedVideos.None;

    /// <summary>Whether videos that the person has not downloaded are marked. For somebody who has downloaded nothing all are new, and
    /// saying so of each would tell nothing.</summary>
    public bool MarksNew => !Downloaded.IsEmpty;
    [TempData] public string? SaveProblem { get; set; }

    public BatchSummary? ShownBatch =>
        Snapshot.Batches.FirstOrDefault(batch => string.Equals(batch.Name, Filter.Batch, StringComparison.Ordinal));

    public IReadOnlyList<CheckResult> Concerns { get; private set; } = [];

    public string OutputsPath => outputs.FullPath;

    public string Version { get; private set; } = "";

    public int PageCount => PageModelExtensions.PageCount(Videos.Total, Videos.PageSize);

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Snapshot = library.Current;
        Concerns = await ConcernsAsync(cancellationToken);
        Downloaded = await history.OfOrNoneAsync(Caller.Of(HttpContext), cancellationToken);
        Version = VersionOf(Snapshot, Concerns, Downloaded);
        var sort = Enum.IsDefined(Sort) ? Sort : VideoSort.Newest;
        Filter = LibraryFilter.Of(Terms(Text, Tags, Batch, State, DayRangeOf(Days, From, To))) with
        {
            Sort = sort, Page = Math.Max(1, Number),
        };
        SavedFilters = await filters.ListOrNoneAsync(Caller.Of(HttpContext).Who, cancellationToken);
        Query = ToQuery(Filter);
        Videos = library.Query(Query);
        if (Filter.Page > PageCount)
        {
            Filter = Filter with { Page = PageCount };
            Videos = library.Query(ToQuery(Filter));
        }

        if (Filter.State is null or VideoState.Ready)
        {
            Packable = library.Query(Query with { State = VideoState.Ready, Page = 1, PageSize = 1 });
        }

        PackableBytes = Snapshot.Batches.ToDictionary(batch => batch.Name, batch => batch.ReadyBytes, StringComparer.Ordinal);
    }

    public async Task<ContentResult> OnGetVersionAsync(CancellationToken cancellationToken)
    {
        Response.Headers.CacheControl = "no-store";
        var downloaded = await history.OfOrNoneAsync(Caller.Of(HttpContext), cancellationToken);
        return Content(VersionOf(library.Current, await ConcernsAsync(cancellationToken), downloaded), "text/plain");
    }

    /// <summary>Everything that matches and can be picked, on all pages: path, batch and bytes of each.</summary>
    public IActionResult OnGetMatching()
    {
        var filter = LibraryFilter.Of(Terms(Text, Tags, Batch, State, DayRangeOf(Days, From, To)));
        Response.Headers.CacheControl = "no-store";
        return new JsonResult(library.QueryAll(ToQuery(filter) with { State = VideoState.Ready })
            .Where(_ => filter.State is null or VideoState.Ready)
            .Take(PickableAtOnce)
            .Select(video => new { video.Path, video.Batch, video.Bytes }));
    }

    public async Task<IActionResult> OnPostSaveFilterAsync(
        [FromForm] string? name, [FromForm] string? q, [FromForm] string[]? tag, [FromForm] string? batch, [FromForm] VideoState? state,
        [FromForm] DayRangeKind? days, [FromForm] DateOnly? from, [FromForm] DateOnly? to, CancellationToken cancellationToken)
    {
        var terms = Terms(q, tag, batch, state, DayRangeOf(days, from, to));
        SaveProblem = await filters.SaveAsync(Caller.Of(HttpContext).Who, name, terms, cancellationToken) switch
        {
            SaveFilterResult.NameInvalid => words["Saved.NameInvalid", TagName.MaxLength].Value,
            SaveFilterResult.TooMany => words["Saved.TooMany", SavedFilterStore.MaxPerPerson].Value,
            _ => null,
        };
        return Redirect(LibraryFilter.Of(terms).Address);
    }

    public async Task<IActionResult> OnPostDeleteFilterAsync(
        [FromForm] string? id, [FromForm] string? returnUrl, CancellationToken cancellationToken)
    {
        await filters.DeleteAsync(Caller.Of(HttpContext).Who, id ?? "", cancellationToken);
        return Redirect("~/" + (returnUrl is ['?', ..] ? LocalAddress.Encode(returnUrl) : ""));
    }

    public bool IsGrid => ViewSwitch.IsGrid(Request);

    public VideoRow Row(Video video) => new(video, reasons)
    {
        Poster = posters.KindOf(video),
        IsInBatch = string.Equals(video.Batch, Filter.Batch, StringComparison.Ordinal),
        IsNew = MarksNew && IsNew(video),
    };

    public int CountNew(BatchSummary batch) => MarksNew ? Snapshot.InBatch(batch.Name).Count(IsNew) : 0;

    public string Explain(VideoFault fault) => reasons.Describe(fault);

    public int Count(VideoState state) => Snapshot.Counts.GetValueOrDefault(state);

    private bool IsNew(Video video) => video.State == VideoState.Ready && !Downloaded.Contains(video);

    private VideoQuery ToQuery(LibraryFilter filter) => filter.ToQuery(ViewerZone.Of(Request, time), time.GetUtcNow());

    private static FilterTerms Terms(
        string? text, IReadOnlyList<string>? tags, string? batch, VideoState? state, DayRange? days) =>
        new(Blank(text), TagName.Distinct((tags ?? []).Where(tag => !string.IsNullOrWhiteSpace(tag))), Blank(batch), state, days);

    private static DayRange? DayRangeOf(DayRangeKind? kind, DateOnly? from, DateOnly? to) =>
        kind is not { } days || !Enum.IsDefined(days) ? null : days == DayRangeKind.Range ? new(days, from, to) : new(days);

    /// <summary>Archives that nobody knows hold up no one here; the ops page shows them.</summary>
    private async Task<IReadOnlyList<CheckResult>> ConcernsAsync(CancellationToken cancellationToken) =>
    [
        .. (await check.CurrentAsync(cancellationToken))
            .Where(result => result is { State: not CheckState.Ok, Name: not ServiceChecks.ArchivesName }),
    ];

    private static string VersionOf(LibrarySnapshot snapshot, IReadOnlyList<CheckResult> concerns, DownloadedVideos downloaded)
    {
        var codes = string.Join('+', concerns.Select(concern => concern.Code));
        return FormattableString.Invariant(
            $"{snapshot.Version}.{snapshot.ScannedAt is not null}.{snapshot.Fault?.Code}.{codes}.{downloaded.Count}");
    }

    private static string? Blank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
