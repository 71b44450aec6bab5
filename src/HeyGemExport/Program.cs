using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Audit;
using HeyGemExport.Cli;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Health;
using HeyGemExport.Hosting;
using HeyGemExport.Jobs;
using HeyGemExport.Library;
using HeyGemExport.Nodes;
using HeyGemExport.Notifications;
using HeyGemExport.Pages;
using HeyGemExport.Shares;
using HeyGemExport.Telemetry;
using HeyGemExport.Uploads;

var builder = AppHost.CreateBuilder(CommandLine.SettingsIn(args));

builder.Services
    .AddApi()
    .AddData()
    .AddAccounts()
    .AddLibrary()
    .AddAudit()
    .AddExports()
    .AddShares()
    .AddNotifications()
    .AddUploads()
    .AddJobs()
    .AddNodes()
    .AddHealth()
    .AddTelemetry(builder.Configuration)
    .AddPages()
    .AddCompression();

var app = builder.Build();

if (await CommandLine.RunAsync(app, args, CancellationToken.None) is { } exitCode)
{
    return exitCode;
}

app.Use(ConnectionRoom.ServeAsync);
app.UseOriginalConnection();
app.UseRequestLog();
app.UseCompression();
app.UsePages();
app.UseApi();

// After the base path has been taken off the path.
app.UseRouting();
app.UseAccounts();

var routes = app.MapGroup("").WithHead();
if (app.Services.GetRequiredService<IOptions<NodeOptions>>().Value.ServesPages)
{
    routes.MapApi();
    routes.MapLibrary();
    routes.MapAudit();
    routes.MapExports();
    routes.MapShares();
    routes.MapNotifications();
    routes.MapUploads();
    routes.MapOps();
    app.MapJobs();
    app.MapPages();
}

routes.MapHealth();
routes.MapMetrics();

return await AppHost.RunAsync(app);
