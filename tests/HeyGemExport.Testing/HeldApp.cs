using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Jobs;
using HeyGemExport.Library.Fingerprints;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Testing;

/// <summary>A host whose engine waits for the test, so that what happens between confirmation and packing is not left to chance.</summary>
public sealed class HeldApp : ExportApp
{
    public HeldApp()
        : this(new TempFolder(), ownsFolder: true)
    {
    }

    /// <inheritdoc cref="ExportApp(TempFolder)"/>
    public HeldApp(TempFolder folder)
        : this(folder, ownsFolder: false)
    {
    }

    private HeldApp(TempFolder folder, bool ownsFolder)
        : base(folder, ownsFolder)
    {
    }

    /// <summary>Runs an export as the engine would, with what follows when it is ready.</summary>
    public async Task RunAsync(string id)
    {
        await Get<ExportJob>().RunAsync(id, CancellationToken.None);
        await Get<ArchiveCompletion>().RunAsync(CancellationToken.None);
    }

    /// <summary>Begins an export as a process does that is killed in the midst of it, and whose work is then taken over.</summary>
    public async Task DieInAsync(string id)
    {
        Assert.True(await new ExportTransitions(Get<Database>(), new JobNode(), Get<TimeProvider>())
            .ClaimAsync(id, CancellationToken.None));
        Assert.Equal(1, await Get<ExportTransitions>().RequeueOrphansAsync(CancellationToken.None));
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<IJobQueue, HeldQueue>();

            // It takes fingerprints at start and when its time comes, whatever the queue holds back.
            services.Remove(services.Single(service =>
                service.ImplementationInstance is RecurringJobRegistration registration && registration.Type == typeof(FingerprintJob)));
        });
    }

    private sealed class HeldQueue : IJobQueue
    {
        public Task EnqueueAsync<TJob>(string id, CancellationToken cancellationToken)
            where TJob : IRecordJob => Task.CompletedTask;

        public Task CancelAsync<TJob>(string id, CancellationToken cancellationToken)
            where TJob : IRecordJob => Task.CompletedTask;

        public Task EnqueueLostAsync<TJob>(string condition, CancellationToken cancellationToken)
            where TJob : IRecordJob => Task.CompletedTask;

        public Task TriggerAsync<TJob>(CancellationToken cancellationToken)
            where TJob : IRecurringJob => Task.CompletedTask;
    }
}
