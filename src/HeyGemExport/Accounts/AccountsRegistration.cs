using HeyGemExport.Accounts.Keys;
using HeyGemExport.Accounts.Users;
using HeyGemExport.Accounts.Schemes;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HeyGemExport.Accounts;

internal static class AccountsRegistration
{
    /// <summary>Where a route does not set less: a form with <c>PagesRegistration.MaxFormValues</c> picked videos.</summary>
    public const long MaxBodyBytes = 16L << 20;

    /// <summary>Rounds of PBKDF2 with HMAC-SHA512, as OWASP's Password Storage Cheat Sheet asks for.</summary>
    private const int HashIterations = 210_000;

    private static readonly TimeSpan HstsAge = TimeSpan.FromDays(180);

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddValidatedOptions<AccountsOptions>(AccountsOptions.Section);
        services.AddValidatedOptions<HttpOptions>(HttpOptions.Section);
        services.AddSingleton<ActiveMode>();
        services.AddSingleton<ApiKeys>();
        AddUsers(services);
        AddSchemes(services);
        AddPolicies(services);
        services.AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<AccountsOptions>, IOptions<HttpOptions>, IOptions<HostFilteringOptions>>(TrustProxies);
        services.AddOptions<HostFilteringOptions>().Configure<ActiveMode, IOptions<AccountsOptions>, IConfiguration>(AllowHosts);
        services.Configure<HstsOptions>(hsts => hsts.MaxAge = HstsAge);
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodyBytes);
        services.AddHostedService<AdminSeeder>();
        return services;
    }

    /// <summary>Has to run before anything reads client, scheme or host of a request.</summary>
    public static void UseOriginalConnection(this IApplicationBuilder app) => app
        .UseHostFiltering().Use(OriginalConnection.CaptureAsync).UseForwardedHeaders()
        .UsePathBase(app.ApplicationServices.GetRequiredService<IOptions<HttpOptions>>().Value.PathBase)
        .Use(LocateUnderPathBase)
        .UseHsts();

    /// <summary>Addresses of the app in <c>Location</c> get the path under which a proxy has it.</summary>
    private static Task LocateUnderPathBase(HttpContext context, RequestDelegate next)
    {
        if (context.Request.PathBase is { HasValue: true } prefix)
        {
            context.Response.OnStarting(() =>
            {
                if (context.Response.Headers.Location is [{ } location] && location is ['/', not '/', ..] or "/"
                    && !new PathString(location.Split('?', '#')[0]).StartsWithSegments(prefix, StringComparison.Ordinal))
                {
                    context.Response.Headers.Location = prefix + location;
                }

                return Task.CompletedTask;
            });
        }

        return next(context);
    }

    public static void UseAccounts(this WebApplication app)
    {
        app.GuardOpenMode();
        app.UseAuthentication();
        app.UseBrowserCookie();
        app.UseSameSite();
        app.UseAuthorization();
    }

    private static void AddUsers(IServiceCollection services)
    {
        // Before Identity, which adds rules of composition where there are none yet.
        services.AddScoped<IPasswordValidator<User>, UserRules>();
        services.AddIdentityCore<User>(identity => identity.User.AllowedUserNameCharacters = "")
            .AddUserManager<AspNetUserManager<User>>()
            .AddUserStore<UserStore>()
            .AddClaimsPrincipalFactory<UserClaimsPrincipalFactory>()
            .AddSignInManager();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = HashIterations);
        services.AddScoped<UserStore>();
        services.AddScoped<UserService>();
        services.AddScoped<SignInService>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignInLimits>();
    }

    private static void AddSchemes(IServiceCollection services)
    {
        services.AddAuthentication(AccountSchemes.Any)
            .AddPolicyScheme(AccountSchemes.Any, displayName: null, any => any.ForwardDefaultSelector = AccountSchemes.Select)
            .AddScheme<AuthenticationSchemeOptions, OpenModeAuthenticationHandler>(AccountSchemes.Open, configureOptions: null)
            .AddScheme<AuthenticationSchemeOptions, ProxyAuthenticationHandler>(AccountSchemes.Proxy, configureOptions: null)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthenticationHandler>(AccountSchemes.Key, configureOptions: null)
            .AddCookie(AccountSchemes.Session);
        services.AddOptions<CookieAuthenticationOptions>(AccountSchemes.Session)
            .Configure<IOptions<AccountsOptions>>(SessionCookie.Configure);
    }

    private static void AddPolicies(IServiceCollection services)
    {
        var viewer = With(Roles.Viewer);
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Viewer, viewer)
            .AddPolicy(Policies.Operator, With(Roles.Operator))
            .AddPolicy(Policies.Admin, With(Roles.Admin))
            .AddPolicy(Policies.Metrics, With(Roles.Operator, KeyScopes.Metrics))
            .AddPolicy(Policies.SignedIn, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => !context.User.IsKey()))

            // Endpoints that say nothing, also by mistake, require a known caller.
            .SetDefaultPolicy(viewer)
            .SetFallbackPolicy(viewer);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationResultHandler>();
    }

    private static void TrustProxies(
        ForwardedHeadersOptions options, IOptions<AccountsOptions> accounts, IOptions<HttpOptions> http,
        IOptions<HostFilteringOptions> hosts)
    {
        // A proxy that passes a client's X-Forwarded-Host on must not open another way around the names that the app answers to.
        options.AllowedHosts = hosts.Value.AllowedHosts;

        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in TrustedAddresses.Parse($"{http.Value.TrustedProxies} {accounts.Value.Proxy.TrustedAddresses}").Networks)
        {
            options.KnownIPNetworks.Add(network);
        }

        // Without a known proxy the framework would trust all of them.
        options.ForwardedHeaders = options.KnownIPNetworks.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost
                | ForwardedHeaders.XForwardedPrefix;

        // A chain is followed as long as each proxy in it is known.
        options.ForwardLimit = null;
    }

    private static void AllowHosts(
        HostFilteringOptions options, ActiveMode mode, IOptions<AccountsOptions> accounts, IConfiguration configuration)
    {
        if (configuration["AllowedHosts"] is { } allowed && !string.IsNullOrWhiteSpace(allowed))
        {
            options.AllowedHosts = allowed.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        else if (mode.IsOpen && !accounts.Value.AllowOpenOnNetwork)
        {
            // A page of another site must not reach an open app by a name of its own that resolves to 127.0.0.1 (DNS rebinding).
            var own = ListeningAddresses.Configured(configuration).Select(ListeningAddresses.HostOf);
            options.AllowedHosts = [.. own.Union(["localhost", "127.0.0.1", "[::1]"], StringComparer.OrdinalIgnoreCase)];
            options.AllowEmptyHosts = false;
        }
        else
        {
            options.AllowedHosts = ["*"];
        }
    }

    private static AuthorizationPolicy With(string role, string? scope = null) =>
        new AuthorizationPolicyBuilder().AddRequirements(new RoleRequirement(role, scope)).Build();
}
