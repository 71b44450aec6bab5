using HeyGemExport.Archives;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Exports.Retention;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Exports;

/// <summary>Registers exports.</summary>
internal static class ExportsRegistration
{
    /// <summary>Adds the services and validated options of exports.</summary>
    public static IServiceCollection AddExports(this IServiceCollection services)
    {
        services.AddOptions<ExportOptions>().BindConfiguration(ExportOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExportOptions>, ValidateExportOptions>();

        services.AddSingleton<ArchiveFolder>();
        services.AddSingleton<IArchiveSources, OutputsSources>();
        services.AddSingleton<ArchiveBuilder>();

        services.AddSingleton<ExportMetrics>();
        services.AddSingleton<ExportStore>();
        services.AddSingleton<ExportOwners>();
        services.AddSingleton<ExportTransitions>();
        services.AddSingleton<ExportProgressBoard>();
        services.AddSingleton<ExportPlanner>();
        services.AddSingleton<ExportPlanValidator>();
        services.AddHttpContextAccessor();
        services.AddSingleton<ExportErrorTexts>();
        services.AddSingleton<ExportService>();
        services.AddSingleton<ExportMetadata>();
        services.AddSingleton<ExportRemoval>();
        services.AddSingleton<DirectPacking>();
        services.AddSingleton<ExportJob>();

        services.AddSingleton<ActiveDownloads>();
        services.AddSingleton<RetentionHolds>();
        services.AddSingleton<ArchiveRetention>();
        services.AddHostedService<ExportRecoveryService>();

        services.AddSingleton<DownloadLedger>();
        services.AddSingleton<DownloadRecorder>();
        services.AddSingleton<DownloadEndpoint>();
        return services;
    }

    /// <summary>Maps the endpoints of exports.</summary>
    public static IEndpointRouteBuilder MapExports(this IEndpointRouteBuilder app)
    {
        ExportEndpoints.Map(app);
        MetadataEndpoints.Map(app);
        return app;
    }
}
