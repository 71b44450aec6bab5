using HeyGemExport.Accounts;
using HeyGemExport.FileSystem;
using HeyGemExport.Health;
using HeyGemExport.Library;
using HeyGemExport.Library.Filters;
using HeyGemExport.Library.Posters;
using HeyGemExport.Library.Tags;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages.Library;

internal sealed class IndexModel(
    LibraryIndex library, OutputsRoot outputs, SystemCheck check, SavedFilterStore filters, PosterService posters,
    IStringLocalizer<LibraryTexts> reasons, IStringLocalizer<PageTexts> words) : PageModel
{
    /// <summary>The most batches that the side list shows; a search finds the others.</summary>
    public const int MaxBatches = 300;

    public const int MaxTags = 200;

    [FromQuery(Name = "q")] public string? Text { get; set; }
    [FromQuery(Name = "batch")] public string? Batch { get; set; }
    [FromQuery(Name = "tag")] public IReadOnlyList<string>? Tags { get; set; }
    [FromQuery(Name = "state")] public VideoState? State { get; set; }
    [FromQuery(Name = "sort")] public VideoSort Sort { get; set; }
    [FromQuery(Name = "page")] public int Number { get; set; } = 1;

    public LibraryFilter Filter { get; private set; } = new(null, [], null, null);

    public LibrarySnapshot Snapshot { get; private set; } = LibrarySnapshot.Empty;
    public VideoPage Videos { get; private set; } = new([], 0, 0, 1, 1);

    /// <summary>On all pages together.</summary>
    public VideoPage Packable { get; private set; } = new([], 0, 0, 1, 1);

    public IReadOnlyDictionary<string, long> PackableBytes { get; private set; } = new Dictionary<string, long>(StringComparer.Ordinal);
    public IReadOnlyList<SavedFilter> SavedFilters { get; private set; } = [];
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
        Version = VersionOf(Snapshot, Concerns);
        var sort = Enum.IsDefined(Sort) ? Sort : VideoSort.Newest;
        Filter = LibraryFilter.Of(Terms(Text, Tags, Batch, State)) with { Sort = sort, Page = Math.Max(1, Number) };
        SavedFilters = await filters.ListOrNoneAsync(Caller.Of(HttpContext).Who, cancellationToken);
        Videos = library.Query(Filter.ToQuery());
        if (Filter.Page > PageCount)
        {
            Filter = Filter with { Page = PageCount };
            Videos = library.Query(Filter.ToQuery());
        }

        if (Filter.State is null or VideoState.Ready)
        {
            Packable = library.Query(Filter.ToQuery() with { State = VideoState.Ready, Page = 1, PageSize = 1 });
        }

        PackableBytes = Snapshot.Batches.ToDictionary(batch => batch.Name, batch => batch.ReadyBytes, StringComparer.Ordinal);
    }

    public async Task<ContentResult> OnGetVersionAsync(CancellationToken cancellationToken)
    {
        Response.Headers.CacheControl = "no-store";
        return Content(VersionOf(library.Current, await ConcernsAsync(cancellationToken)), "text/plain");
    }

    public async Task<IActionResult> OnPostSaveFilterAsync(
        [FromForm] string? name, [FromForm] string? q, [FromForm] string[]? tag, [FromForm] string? batch,
        [FromForm] VideoState? state, CancellationToken cancellationToken)
    {
        var terms = Terms(q, tag, batch, state);
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
    };

    public string Explain(VideoFault fault) => reasons.Describe(fault);

    public int Count(VideoState state) => Snapshot.Counts.GetValueOrDefault(state);

    private static FilterTerms Terms(string? text, IReadOnlyList<string>? tags, string? batch, VideoState? state) =>
        new(Blank(text), TagName.Distinct((tags ?? []).Where(tag => !string.IsNullOrWhiteSpace(tag))), Blank(batch), state);

    private async Task<IReadOnlyList<CheckResult>> ConcernsAsync(CancellationToken cancellationToken) =>
        [.. (await check.CurrentAsync(cancellationToken)).Where(result => result.State != CheckState.Ok)];

    private static string VersionOf(LibrarySnapshot snapshot, IReadOnlyList<CheckResult> concerns)
    {
        var codes = string.Join('+', concerns.Select(concern => concern.Code));
        return FormattableString.Invariant($"{snapshot.Version}.{snapshot.ScannedAt is not null}.{snapshot.Fault?.Code}.{codes}");
    }

    private static string? Blank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
