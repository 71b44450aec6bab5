using HeyGemExport.Exports;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Uploads;

internal static class UploadsRegistration
{
    public static IServiceCollection AddUploads(this IServiceCollection services)
    {
        services.AddValidatedOptions<ObjectStorageOptions>(ObjectStorageOptions.Section);
        services.AddSingleton<Destinations>();
        services.AddSingleton<UploadMetrics>();
        services.AddSingleton<DestinationProbe>();
        services.AddSingleton<UploadStore>();
        services.AddSingleton<UploadTransitions>();
        services.AddSingleton<UploadProgressBoard>();
        services.AddSingleton<UploadPlanner>();
        services.AddSingleton<UploadErrorTexts>();
        services.AddSingleton<UploadService>();
        services.AddSingleton<IExportUploads>(provider => provider.GetRequiredService<UploadService>());
        services.AddSingleton<UploadQueue>();
        services.AddSingleton<IExportFollower>(provider => provider.GetRequiredService<UploadQueue>());
        services.AddSingleton<UploadEvents>();
        services.AddSingleton<DirectUpload>();
        services.AddSingleton<UploadJob>();
        services.AddJobQueue(UploadJob.Queue, provider => provider.GetRequiredService<IOptions<ObjectStorageOptions>>().Value.Workers);
        services.AddRecurringJob<UploadUpkeep>();
        return services;
    }
}
