using HeyGemExport.Archives;
using HeyGemExport.Exports;
using HeyGemExport.FileSystem;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Tests.Jobs;

/// <summary>A host whose workers read no byte of a video before the test opens the gate: an export that has begun stays in the
/// middle.</summary>
public sealed class GatedApp : ExportApp
{
    public GatedApp()
    {
    }

    public GatedApp(TempFolder folder)
        : base(folder)
    {
    }

    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => gate.TrySetResult();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<IArchiveSources>(
            provider => new GatedSources(new OutputsSources(provider.GetRequiredService<OutputsRoot>()), gate.Task)));
    }

    private sealed class GatedSources(OutputsSources sources, Task gate) : IArchiveSources
    {
        public async ValueTask<ISourceReader> OpenAsync(ContractEntry entry) => new GatedReader(await sources.OpenAsync(entry), gate);

        public SourceIssue? Inspect(ContractEntry entry) => sources.Inspect(entry);
    }

    private sealed class GatedReader(ISourceReader reader, Task gate) : ISourceReader
    {
        public async ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
        {
            await gate.WaitAsync(cancellationToken);
            return await reader.ReadAtAsync(buffer, offset, cancellationToken);
        }

        public void EnsureUnchanged() => reader.EnsureUnchanged();

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }
}
