using HeyGemExport.Data;
using HeyGemExport.FileSystem;
using HeyGemExport.Jobs;
using HeyGemExport.Library;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HeyGemExport.Tests.Library;

/// <summary>The library alone, over an outputs folder of its own and a clock that stands still.</summary>
internal sealed class LibraryBed : IDisposable
{
    private readonly Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<IHost> host;

    public LibraryBed(params (string Key, string? Value)[] settings)
    {
        Folder = new TempFolder();
        Directory.CreateDirectory(Outputs);
        this.settings["Library:OutputsPath"] = "outputs";
        foreach (var (key, value) in settings)
        {
            this.settings[key] = value;
        }

        host = new(Build);
    }

    public TempFolder Folder { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>The real clock, for what the system's own events drive.</summary>
    public bool RealTime { get; init; }

    public RecordingLogger Logger { get; } = new();

    public string Outputs => Folder["outputs"];

    public IHost Host => host.Value;

    public LibraryIndex Index => Host.Services.GetRequiredService<LibraryIndex>();

    public OutputsRoot Root => Host.Services.GetRequiredService<OutputsRoot>();

    /// <summary>Writes a video that nobody has touched for an hour.</summary>
    public string Write(string path, byte[]? content = null) => WriteAged(path, content ?? ClipBytes.Mp4, TimeSpan.FromHours(1));

    public string WriteAged(string path, byte[] content, TimeSpan age) =>
        Folder.Write(Path.Combine("outputs", path), content, (Time.GetUtcNow() - age).UtcDateTime);

    public async Task<LibrarySnapshot> ScanAsync() => await Index.RefreshAsync(CancellationToken.None);

    public async Task<Video> StateOfAsync(string path)
    {
        var video = (await ScanAsync()).Find(path);
        Assert.NotNull(video);
        return video;
    }

    public void Dispose()
    {
        if (host.IsValueCreated)
        {
            host.Value.Dispose();
        }

        Folder.Dispose();
    }

    private IHost Build()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = Folder.FullPath });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.AddProvider(Logger).AddFilter("Microsoft", LogLevel.Error);
        builder.Services.AddSingleton(RealTime ? TimeProvider.System : Time);
        builder.Services.AddData();
        builder.Services.AddLibrary();
        builder.Services.AddSingleton<IJobQueue, NoJobs>();
        return builder.Build();
    }
}

/// <summary>The library alone works nothing off.</summary>
internal sealed class NoJobs : IJobQueue
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

/// <summary>Keeps the warnings and errors that were logged.</summary>
internal sealed class RecordingLogger : ILoggerProvider, ILogger
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
        string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            lock (gate)
            {
                lines.Add(formatter(state, exception));
            }
        }
    }

    public void Dispose()
    {
    }
}
