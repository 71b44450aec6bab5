using HeyGemExport.Exports;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;

namespace HeyGemExport.Uploads;

internal static class UploadsRegistration
{
    public static IServiceCollection AddUploads(this IServiceCollection services) => services
        .AddValidatedOptions<ObjectStorageOptions>(ObjectStorageOptions.Section).Services
        .AddSingleton<Destinations>()
        .AddSingleton<UploadMetrics>()
        .AddSingleton<DestinationProbe>()
        .AddSingleton<UploadStore>()
        .AddSingleton<UploadOwners>()
        .AddSingleton<UploadTransitions>()
        .AddSingleton<UploadProgressBoard>()
        .AddRecordWatchers<OwnedUpload, UploadProgressBoard>(UploadJob.Table)
        .AddSingleton<UploadPlanner>()
        .AddSingleton<UploadErrorTexts>()
        .AddSingleton<UploadService>()
        .AddSingleton<IExportUploads>(provider => provider.GetRequiredService<UploadService>())
        .AddSingleton<UploadQueue>()
        .AddSingleton<IExportFollower>(provider => provider.GetRequiredService<UploadQueue>())
        .AddSingleton<UploadEvents>()
        .AddSingleton<DirectUpload>()
        .AddSingleton<UploadJob>()
        .AddJobQueue(UploadJob.Queue, provider => provider.GetRequiredService<IOptions<ObjectStorageOptions>>().Value.Workers)
        .AddRecurringJob<UploadUpkeep>();
}
