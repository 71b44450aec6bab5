using HeyGemExport.Exports.Archives;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Exports.Metadata;
using HeyGemExport.Exports.Retention;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Exports;

/// <summary>Registers exports.</summary>
public static class ExportsRegistration
{
    /// <summary>Adds the services and validated options of exports.</summary>
    public static IServiceCollection AddExports(this IServiceCollection services)
    {
        services.AddOptions<ExportOptions>().BindConfiguration(ExportOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExportOptions>, ValidateExportOptions>();

        services.AddSingleton<ArchiveFolder>();
        services.AddSingleton<ArchiveBuilder>();
        services.AddSingleton<ArchiveProver>();

        services.AddSingleton<ExportMetrics>();
        services.AddSingleton<ExportStore>();
        services.AddSingleton<ExportParticipants>();
        services.AddSingleton<ExportTransitions>();
        services.AddSingleton<ExportProgressBoard>();
        services.AddSingleton<ExportPlanner>();
        services.AddSingleton<ExportAdmission>();
        services.AddHttpContextAccessor();
        services.AddSingleton<ExportErrorTexts>();
        services.AddSingleton<ExportService>();
        services.AddSingleton<ExportMetadata>();
        services.AddSingleton<ExportDisposal>();
        services.AddSingleton<DirectPacking>();
        services.AddSingleton<ExportJob>();

        services.AddSingleton<ArchiveLeases>();
        services.AddSingleton<ArchiveHolds>();
        services.AddSingleton<ArchiveRetention>();
        services.AddHostedService<ExportKeeper>();

        services.AddSingleton<DownloadLedger>();
        services.AddSingleton<DownloadRecorder>();
        services.AddSingleton<DownloadEndpoint>();
        return services;
    }

    /// <summary>Maps the endpoints of exports.</summary>
    public static IEndpointRouteBuilder MapExports(this IEndpointRouteBuilder app)
    {
        ExportEndpoints.Map(app);
        ExportOperationsEndpoints.Map(app);
        MetadataEndpoints.Map(app);
        return app;
    }
}
