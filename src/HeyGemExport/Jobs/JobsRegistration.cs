namespace HeyGemExport.Jobs;

/// <summary>Registers the job engine: the one place that chooses it.</summary>
public static class JobsRegistration
{
    /// <summary>Adds the job engine.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
#if HANGFIRE
        return services.AddHangfireEngine();
#else
        return services.AddQuartzEngine();
#endif
    }

    /// <summary>Maps the engine's dashboard, where it has one.</summary>
    public static IEndpointRouteBuilder MapJobs(this IEndpointRouteBuilder app)
    {
#if HANGFIRE
        HangfireDashboard.Map(app);
#endif
        return app;
    }
}
