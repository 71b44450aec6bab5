namespace HeyGemExport.Audit;

/// <summary>Registers the audit trail.</summary>
internal static class AuditRegistration
{
    /// <summary>Adds the services of the audit trail.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditFile>();
        services.AddSingleton<AuditTrail>();
        return services;
    }

    /// <summary>Maps the endpoints of the audit trail.</summary>
    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder app)
    {
        AuditEndpoints.Map(app);
        return app;
    }
}
