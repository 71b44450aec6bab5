namespace HeyGemExport.Accounts;

/// <summary>Registers who may do what.</summary>
public static class AccountsRegistration
{
    /// <summary>Adds authorization.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        var authorization = services.AddAuthorizationBuilder();
        foreach (var policy in (string[])[Policies.Viewer, Policies.Operator, Policies.Admin])
        {
            authorization.AddPolicy(policy, allowed => allowed.RequireAssertion(_ => true));
        }

        return services;
    }

    /// <summary>Adds authorization to the request pipeline.</summary>
    public static WebApplication UseAccounts(this WebApplication app)
    {
        app.UseAuthorization();
        return app;
    }
}
