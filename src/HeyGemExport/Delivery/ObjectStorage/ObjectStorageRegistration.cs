using HeyGemExport.Exports;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Delivery.ObjectStorage;

/// <summary>Registers object storage.</summary>
public static class ObjectStorageRegistration
{
    /// <summary>Adds the services and validated options of object storage.</summary>
    public static IServiceCollection AddObjectStorage(this IServiceCollection services)
    {
        services.AddOptions<ObjectStorageOptions>().BindConfiguration(ObjectStorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ObjectStorageOptions>, ValidateObjectStorageOptions>();
        services.AddSingleton<Destinations>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<DestinationProbe>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<DeliveryTransitions>();
        services.AddSingleton<DeliveryProgressBoard>();
        services.AddSingleton<DeliveryPlanner>();
        services.AddSingleton<DeliveryErrorTexts>();
        services.AddSingleton<DeliveryService>();
        services.AddSingleton<IExportDelivery>(provider => provider.GetRequiredService<DeliveryService>());
        services.AddSingleton<DeliveryCleanup>();
        services.AddSingleton<DirectDelivery>();
        services.AddSingleton<DeliveryJob>();
        services.AddHostedService<DeliveryWorker>();
        return services;
    }

    /// <summary>Maps the endpoints of object storage.</summary>
    public static IEndpointRouteBuilder MapObjectStorage(this IEndpointRouteBuilder app)
    {
        DeliveryEndpoints.Map(app);
        return app;
    }
}
