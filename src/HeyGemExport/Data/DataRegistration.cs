using Dapper;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Data;

/// <summary>Registers the database and the keys.</summary>
internal static class DataRegistration
{
    /// <summary>Adds the services and validated options of the database and the keys.</summary>
    public static IServiceCollection AddData(this IServiceCollection services)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        TypeHandlers.AddTimes();
        services.AddValidatedOptions<DataOptions>(DataOptions.Section);
        services.AddSingleton<Database>();

        services.AddDataProtection().SetApplicationName("HeyGemExport");
        services.AddSingleton<KeyRepository>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeyRepository.Setup>();
        return services;
    }
}
