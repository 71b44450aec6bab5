using Dapper;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace HeyGemExport.Data;

internal static class DataRegistration
{
    public static IServiceCollection AddData(this IServiceCollection services)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        TypeHandlers.AddTimesAndBooleans();
        services.AddValidatedOptions<DataOptions>(DataOptions.Section);
        services.AddHttpContextAccessor();
        services.AddSingleton<Database>();
        services.AddSingleton<Signals>();
        services.AddHostedService(provider => provider.GetRequiredService<Signals>());
        services.AddSingleton<DataFolderLock>();

        services.AddSingleton<KeyRepository>();
        services.AddSingleton<XmlKeyManager>();
        services.AddSingleton<SharedKeys>();
        services.AddSingleton<IKeyManager>(provider => provider.GetRequiredService<SharedKeys>());
        services.AddDataProtection().SetApplicationName("HeyGemExport");
        services.AddOptions<KeyManagementOptions>().Configure<KeyRepository>((options, keys) => options.XmlRepository = keys);
        return services;
    }
}
