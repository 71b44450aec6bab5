namespace HeyGemExport.Jobs;

/// <summary>Registers the job engine.</summary>
internal static class JobsRegistration
{
    /// <summary>Adds the job engine.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services) => services.AddHangfireEngine();

    /// <summary>Maps the engine's dashboard, where it has one.</summary>
    public static IEndpointRouteBuilder MapJobs(this IEndpointRouteBuilder app)
    {
        HangfireDashboard.Map(app);
        return app;
    }
}
