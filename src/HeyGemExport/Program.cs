using HeyGemExport;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Delivery.ObjectStorage;
using HeyGemExport.Delivery.Notifications;
using HeyGemExport.Delivery.Shares;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;
using HeyGemExport.Library;
using HeyGemExport.Ops;
using HeyGemExport.Pages;
using HeyGemExport.Storage;
using HeyGemExport.Tagging;

var builder = AppHost.CreateBuilder(ShellCommand.SettingsIn(args));

builder.Services
    .AddApi()
    .AddStorage()
    .AddAccounts()
    .AddLibrary()
    .AddAudit()
    .AddTagging()
    .AddExports()
    .AddObjectStorage()
    .AddShares()
    .AddNotifications()
    .AddJobs()
    .AddOps()
    .AddPages();

var app = builder.Build();

if (await ShellCommand.RunAsync(app, args, CancellationToken.None) is { } exitCode)
{
    return exitCode;
}

app.UseForwardedRequests();
app.UseOps();
app.UsePages();
app.UseApi();
app.UseAccounts();

app.MapApi();
app.MapLibrary();
app.MapAudit();
app.MapTagging();
app.MapExports();
app.MapObjectStorage();
app.MapShares();
app.MapNotifications();
app.MapJobs();
app.MapOps();
app.MapPages();

await app.RunAsync();
return 0;
