using System.Net;
using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Keys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace HeyGemExport.Tests.Accounts;

/// <summary>Every route and who may use it. A route that is not in the table fails the test: whoever adds one decides here whose it
/// is.</summary>
public sealed class RouteTableTests : IAsyncLifetime
{
    private const string Page = "GET POST";
    // What the framework maps in the development environment for files that came after the build.
    private const string AddedWhileDeveloping = "{**path:file}";
    private const string Nobody = "anonymous";

    private static readonly string[] Callers =
        [Nobody, Roles.Viewer, Roles.Operator, Roles.Admin, "key:" + KeyScopes.Read, "key:" + KeyScopes.Export, "key:" + KeyScopes.Ops,
            "key:" + KeyScopes.Metrics];

    private static readonly string[] Anyone = Callers;
    private static readonly string[] User = [Roles.Viewer, Roles.Operator, Roles.Admin];
    private static readonly string[] Look = [.. User, "key:read", "key:export", "key:ops"];
    private static readonly string[] Change = [.. User, "key:export", "key:ops"];
    private static readonly string[] Ops = [Roles.Operator, Roles.Admin, "key:ops"];
    private static readonly string[] Admin = [Roles.Admin];

    /// <summary>Methods, route, an address of it, and who may use it.</summary>
    private static readonly (string Methods, string Route, string Address, string[] Allowed)[] Table =
    [
        ("GET", "/healthz/live", "/healthz/live", Anyone),
        ("GET", "/healthz/ready", "/healthz/ready", Anyone),
        ("GET", "/language", "/language?culture=en", Anyone),
        ("GET", "/theme", "/theme?as=dark", Anyone),
        (Page, "error/{code:int}", "/error/404", Anyone),
        (Page, "account/sign-in", "/account/sign-in", Anyone),
        (Page, "account/password", "/account/password", User),
        (Page, "account/sign-out", "/account/sign-out", User),
        (Page, "people", "/people", Admin),
        (Page, "people/keys", "/people/keys", Admin),

        ("GET", "", "/", Look),
        ("POST", "", "/", Change),
        ("GET", "watch/{**path}", "/watch/a.mp4", Look),
        ("POST", "watch/{**path}", "/watch/a.mp4", Change),
        (Page, "verify", "/verify", Anyone),
        ("GET", "/api/v1/videos", "/api/v1/videos", Look),
        ("GET", "/api/v1/videos/metadata.csv", "/api/v1/videos/metadata.csv", Look),
        ("POST", "/api/v1/videos/metadata.csv", "/api/v1/videos/metadata.csv", Change),
        ("GET", "/api/v1/tags/", "/api/v1/tags", Look),
        ("POST", "/api/v1/tags/", "/api/v1/tags", Change),
        ("GET", "tags", "/tags", Look),
        ("POST", "tags", "/tags", Change),
        ("GET", "/api/v1/batches", "/api/v1/batches", Look),
        ("GET HEAD", "/videos/{**path}", "/videos/a.mp4", Look),
        ("GET HEAD", "/downloads/{**path}", "/downloads/a.mp4", Look),
        ("GET HEAD", "/posters/{**path}", "/posters/a.mp4", Look),
        ("GET", "/view", "/view", Look),
        ("GET", "/openapi/{documentName}.json", "/openapi/v1.json", Look),
        ("GET", "/docs/{documentName?}", "/docs/", Look),
        ("GET", "/docs/favicon.svg", "/docs/favicon.svg", Anyone),
        ("GET", "/docs/scalar.js", "/docs/scalar.js", Anyone),
        ("GET", "/docs/scalar.aspnetcore.js", "/docs/scalar.aspnetcore.js", Anyone),

        ("GET", "exports", "/exports", Look),
        ("POST", "exports", "/exports?handler=Cancel", Change),
        ("GET", "exports/confirm", "/exports/confirm", Look),
        ("POST", "exports/confirm", "/exports/confirm?handler=Pack", Change),
        ("GET", "exports/{id}", "/exports/aaaaaaaaaaaa", Look),
        ("POST", "exports/{id}", "/exports/aaaaaaaaaaaa?handler=Cancel", Change),
        ("POST", "/api/v1/exports/preview", "/api/v1/exports/preview", Change),
        ("POST", "/api/v1/exports/", "/api/v1/exports", Change),
        ("GET", "/api/v1/exports/", "/api/v1/exports", Look),
        ("GET", "/api/v1/exports/{id}", "/api/v1/exports/aaaaaaaaaaaa", Look),
        ("GET", "/api/v1/exports/{id}/events", "/api/v1/exports/aaaaaaaaaaaa/events", Look),
        ("PUT", "/api/v1/exports/{id}/name", "/api/v1/exports/aaaaaaaaaaaa/name", Change),
        ("POST", "/api/v1/exports/{id}/cancel", "/api/v1/exports/aaaaaaaaaaaa/cancel", Change),
        ("GET HEAD", "/exports/{id}/download", "/exports/aaaaaaaaaaaa/download", Look),
        ("GET HEAD", "/exports/{id}/parts/{number:int}/download", "/exports/aaaaaaaaaaaa/parts/1/download", Look),

        ("GET", "/api/v1/exports/{id}/shares/", "/api/v1/exports/aaaaaaaaaaaa/shares", Look),
        ("POST", "/api/v1/exports/{id}/shares/", "/api/v1/exports/aaaaaaaaaaaa/shares", Change),
        ("DELETE", "/api/v1/exports/{id}/shares/{shareId}", "/api/v1/exports/aaaaaaaaaaaa/shares/bbbbbbbbbbbb", Change),
        ("GET HEAD", "/s/{token}/download", "/s/aaaaaaaaaaaa/download", Anyone),
        ("GET HEAD", "/s/{token}/parts/{number:int}/download", "/s/aaaaaaaaaaaa/parts/1/download", Anyone),
        ("GET HEAD", "/s/{token}/files/{number:int}", "/s/aaaaaaaaaaaa/files/1", Anyone),
        ("GET HEAD", "/s/{token}/posters/{number:int}", "/s/aaaaaaaaaaaa/posters/1", Anyone),
        ("GET", "s/{token}", "/s/aaaaaaaaaaaa", Anyone),
        ("POST", "s/{token}", "/s/aaaaaaaaaaaa", Anyone),
        ("GET", "/api/v1/notifications/", "/api/v1/notifications", Ops),
        ("POST", "/api/v1/notifications/targets/{name}/test", "/api/v1/notifications/targets/nobody/test", Ops),
        (Page, "ops/notifications", "/ops/notifications", Ops),
        ("GET", "/api/v1/exports/{id}/deliveries/", "/api/v1/exports/aaaaaaaaaaaa/deliveries", Look),
        ("POST", "/api/v1/exports/{id}/deliveries/", "/api/v1/exports/aaaaaaaaaaaa/deliveries", Change),
        ("GET", "/api/v1/deliveries/{id}/", "/api/v1/deliveries/aaaaaaaaaaaa", Look),
        ("GET", "/api/v1/deliveries/{id}/events", "/api/v1/deliveries/aaaaaaaaaaaa/events", Look),
        ("POST", "/api/v1/deliveries/{id}/cancel", "/api/v1/deliveries/aaaaaaaaaaaa/cancel", Change),
        ("POST", "/api/v1/deliveries/{id}/retry", "/api/v1/deliveries/aaaaaaaaaaaa/retry", Change),
        ("POST", "/api/v1/deliveries/{id}/links", "/api/v1/deliveries/aaaaaaaaaaaa/links", Change),
        ("GET", "/api/v1/destinations/", "/api/v1/destinations", Look),
        ("POST", "/api/v1/destinations/{name}/test", "/api/v1/destinations/nowhere/test", Ops),
        ("GET", "exports/{id}/deliveries", "/exports/aaaaaaaaaaaa/deliveries", Look),
        ("POST", "exports/{id}/deliveries", "/exports/aaaaaaaaaaaa/deliveries?handler=Send", Change),

        ("POST", "/api/v1/exports/{id}/retry", "/api/v1/exports/aaaaaaaaaaaa/retry", Ops),
        ("DELETE", "/api/v1/exports/{id}/", "/api/v1/exports/aaaaaaaaaaaa", Ops),
        ("POST", "/api/v1/exports/{id}/remove", "/api/v1/exports/aaaaaaaaaaaa/remove", Ops),
        ("GET", "/api/v1/ops", "/api/v1/ops", Ops),
        (Page, "ops", "/ops", Ops),
        ("GET", "/metrics", "/metrics", [.. Ops, "key:metrics"]),

        ("GET", "audit", "/audit", Ops),
        ("POST", "audit", "/audit", Ops),
        ("GET", "/api/v1/audit", "/api/v1/audit", Ops),
        ("GET", "/audit.csv", "/audit.csv", Ops),
    ];

    private readonly HeldApp app = new HeldApp().WithAccounts();

    public Task InitializeAsync()
    {
        app.StartServer();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public void Every_route_is_in_the_table_and_every_row_is_a_route()
    {
        var routes = Routes().Where(route => !IsFile(route) && !IsDashboard(route)).SelectMany(
            route => Methods(route).Select(method => $"{method} {route.RoutePattern.RawText}"));

        // HEAD is wherever GET is.
        Assert.Equal(
            Table.SelectMany(row => MethodsOf(row.Methods).Select(method => $"{method} {row.Route}"))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            routes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        // The engine's dashboard, where it is built in, takes every method below its path.
        Assert.All(
            Routes().Where(IsDashboard),
            route => Assert.Contains(route.Metadata.OfType<IAuthorizeData>(), asked => asked.Policy == Policies.Operator));
    }

    [Fact]
    public async Task Static_files_are_for_anyone()
    {
        using var client = app.Pipeline();
        var files = Routes().Where(route => route.Metadata.GetMetadata<StaticAssetDescriptor>() is not null).ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.NotNull(file.Metadata.GetMetadata<IAllowAnonymous>()));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/css/base.css")).StatusCode);
    }

    [Fact]
    public async Task What_is_no_route_is_denied_before_it_is_not_found()
    {
        using var client = app.Pipeline();

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/nowhere")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Each_caller_reaches_what_the_table_allows_and_nothing_else(string caller)
    {
        app.AddVideo("a.mp4");
        var ask = await AsAsync(caller);
        List<string> wrong = [];
        foreach (var (methods, route, address, allowed) in Table)
        {
            foreach (var method in MethodsOf(methods))
            {
                // Sign-out would end the session that the next rows need; its refusal is what the rows of others test.
                using var content = method == "POST"
                    && !route.StartsWith("account/", StringComparison.Ordinal)
                    ? new StringContent("{}", System.Text.Encoding.UTF8, "application/json")
                    : null;
                using var answer = await ask(new HttpMethod(method), address, content);
                var refused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
                if (refused == allowed.Contains(caller, StringComparer.Ordinal)
                    || (refused && (answer.StatusCode == HttpStatusCode.Unauthorized) != (caller == Nobody)))
                {
                    wrong.Add($"{caller} {method} {address}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>No other method reaches anything, whoever asks.</summary>
    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Every_method_that_is_not_in_the_table_is_answered_with_nothing(string caller)
    {
        var ask = await AsAsync(caller);
        List<string> wrong = [];
        foreach (var row in Table.GroupBy(row => row.Address.Split('?')[0], StringComparer.Ordinal))
        {
            var known = row.SelectMany(one => MethodsOf(one.Methods)).ToList();
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND" }.Except(known))
            {
                using var answer = await ask(new HttpMethod(method), row.Key, null);
                if (answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
                    or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest))
                {
                    wrong.Add($"{caller} {method} {row.Key}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>The engine's dashboard takes every method: none is for others than operators.</summary>
    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task The_dashboard_is_closed_by_every_method(string caller)
    {
        var ask = await AsAsync(caller);
        List<string> wrong = [];
        foreach (var address in new[] { "/hangfire", "/hangfire/", "/hangfire/jobs/enqueued", "/hangfire/stats", "/hangfire/nowhere" })
        {
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE" })
            {
                using var answer = await ask(new HttpMethod(method), address, null);

                // What changes something also needs the page's own token.
                var refused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
                var isOperator = Ops.Contains(caller, StringComparer.Ordinal);
                if (refused == isOperator && !(isOperator && method is "POST" or "PUT" or "DELETE" or "PATCH"))
                {
                    wrong.Add($"{caller} {method} {address}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    public static TheoryData<string> Everybody() => [.. Callers];

    private static IEnumerable<string> MethodsOf(string methods) =>
        methods.Split(' ').Concat(methods.Contains("GET", StringComparison.Ordinal) ? ["HEAD"] : Array.Empty<string>())
            .Distinct(StringComparer.Ordinal);

    private async Task<Func<HttpMethod, string, HttpContent?, Task<HttpResponseMessage>>> AsAsync(string caller)
    {
        if (Roles.Exists(caller))
        {
            return (await app.SignInNewAsync("somebody", caller)).AskAsync;
        }

        var client = caller == Nobody ? app.Pipeline() : await app.WithKeyAsync("somekey", caller["key:".Length..]);
        return (method, address, content) => client.SendAsync(new HttpRequestMessage(method, address) { Content = content });
    }

    private List<RouteEndpoint> Routes() => [.. app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static bool IsDashboard(RouteEndpoint route) =>
        route.RoutePattern.RawText?.StartsWith("/hangfire", StringComparison.Ordinal) == true;

    private static bool IsFile(RouteEndpoint route) => 
        route.Metadata.GetMetadata<StaticAssetDescriptor>() is not null || route.RoutePattern.RawText == AddedWhileDeveloping;

    private static IEnumerable<string> Methods(RouteEndpoint route) =>
        route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
        ?? (route.Metadata.GetMetadata<PageActionDescriptor>() is not null ? Page.Split(' ')
            : throw new InvalidOperationException($"{route.RoutePattern.RawText} takes every method."));
}
