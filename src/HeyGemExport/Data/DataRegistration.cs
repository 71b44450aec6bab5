using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Data;

internal static class DataRegistration
{
    public static IServiceCollection AddData(this IServiceCollection services)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        TypeHandlers.AddTimes();
        TypeHandlers.AddBooleans();
        services.AddOptions<DataOptions>()
            .BindConfiguration(DataOptions.Section)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<DataOptions>, ValidateDataOptions>();
        services.AddSingleton<Database>();

        services.AddDataProtection().SetApplicationName("HeyGemExport");
        services.AddSingleton<KeyRepository>();
        services.AddOptions<KeyManagementOptions>().Configure<KeyRepository>((options, keys) => options.XmlRepository = keys);
        return services;
    }
}
