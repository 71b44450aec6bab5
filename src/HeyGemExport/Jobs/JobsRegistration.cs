namespace HeyGemExport.Jobs;

/// <summary>Registers the job engine.</summary>
public static class JobsRegistration
{
    /// <summary>Adds the services and validated options of the job engine.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services) => services;

}
