using HeyGemExport.Archives;
using HeyGemExport.Data;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;

namespace HeyGemExport.Exports;

internal static class ExportsRegistration
{
    public static IServiceCollection AddExports(this IServiceCollection services)
    {
        services.AddValidatedOptions<ExportOptions>(ExportOptions.Section);

        services.AddSingleton<ArchiveFolder>();
        services.AddSingleton<IArchiveSources, OutputsSources>();
        services.AddSingleton<ArchiveBuilder>();

        TypeHandlers.AddJson<Selection>(ExportJson.Options);
        TypeHandlers.AddJson<PackOptions>(ExportJson.Options);
        TypeHandlers.AddJson<ExportContent>(ExportJson.Options);
        TypeHandlers.AddJson<ExportError>(ExportJson.Options);
        TypeHandlers.AddJson<IReadOnlyList<FileIssue>>(ExportJson.Options);
        services.AddSingleton<ExportMetrics>();
        services.AddSingleton<ExportEvents>();
        services.AddSingleton<ExportStore>();
        services.AddSingleton<ExportOwners>();
        services.AddSingleton<ExportTransitions>();
        services.AddSingleton<ExportProgressBoard>();
        services.AddRecordWatchers<OwnedExport, ExportProgressBoard>(ExportJob.Table);
        services.AddSingleton<ExportPlanner>();
        services.AddSingleton<ExportPlanValidator>();
        services.AddHttpContextAccessor();
        services.AddSingleton<ExportErrorTexts>();
        services.AddSingleton<ExportNames>();
        services.AddSingleton<ExportService>();
        services.AddSingleton<ExportRequests>();
        services.AddSingleton<ExportMetadata>();
        services.AddSingleton<ExportRemoval>();
        services.AddSingleton<DirectPacking>();
        services.AddSingleton<KnownContents>();
        services.AddSingleton<ArchiveRecheck>();
        services.AddSingleton<InstantArchives>();
        services.AddRecurringJob<ArchiveCompletion>();
        services.AddSingleton<ExportJob>();
        services.AddJobQueue(ExportJob.Queue, provider => provider.GetRequiredService<IOptions<ExportOptions>>().Value.Workers);

        return services.AddArchives();
    }

    private static IServiceCollection AddArchives(this IServiceCollection services)
    {
        services.AddSingleton<ArchiveFiles>();
        services.AddSingleton<ActiveDownloads>();
        services.AddSingleton<RetentionHolds>();
        services.AddSingleton<ArchiveRetention>();
        services.AddRecurringJob<ExportUpkeep>();
        return services.AddDownloads();
    }

    public static void MapExports(this IEndpointRouteBuilder app)
    {
        ExportRequestEndpoints.Map(app);
        ExportEndpoints.Map(app);
        MetadataEndpoints.Map(app);
    }

    private static IServiceCollection AddDownloads(this IServiceCollection services)
    {
        services.AddValidatedOptions<DownloadOptions>(DownloadOptions.Section);
        services.AddSingleton<AccelRedirect>();
        services.AddSingleton<DownloadHistory>();
        services.AddSingleton<DownloadLedger>();
        services.AddSingleton<DownloadRecorder>();
        services.AddSingleton<DownloadSender>();
        services.AddSingleton<DownloadEndpoint>();
        services.AddSingleton<ExportFiles>();
        services.AddSingleton<FileDownloadEndpoint>();
        services.AddSingleton<VideoDownloadEndpoint>();
        return services;
    }
}
