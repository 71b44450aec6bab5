using System.Diagnostics;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HeyGemExport.Tests.Hosting;

public sealed class AppHostTests
{
    private const string NoInstances = "echo 0 > /proc/sys/user/max_inotify_instances";

    [Fact]
    public async Task A_stop_that_something_keeps_waiting_is_orderly_all_the_same()
    {
        await using var app = Build(new Hanging());
        var running = AppHost.RunAsync(app);

        app.Lifetime.StopApplication();

        Assert.Equal(0, await running);
    }

    [Fact]
    public async Task A_part_that_fails_does_not_end_the_app_and_is_told_by_the_exit_code()
    {
        using var failing = new Failing();
        await using var app = Build(failing);
        var running = AppHost.RunAsync(app);

        await Eventually.HoldsAsync(() => failing.ExecuteTask is { IsFaulted: true });
        Assert.False(running.IsCompleted);
        app.Lifetime.StopApplication();

        Assert.Equal(1, await running);
    }

    /// <summary>Other programs of the same account have taken all that the system gives.</summary>
    [RootFact]
    public async Task Without_an_inotify_instance_it_starts_polls_and_says_so_once()
    {
        if (!MountedFolder.Run("unshare", "--user", "--map-root-user", "sh", "-c", NoInstances))
        {
            return;
        }

        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartByAsync(
            ["unshare", "--user", "--map-root-user", "sh", "-c", $"{NoInstances}; exec \"$@\"", "sh"], folder);
        folder.Write("outputs/batch/a.mp4", Clips.Mp4(), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await Eventually.HoldsAsync(async () =>
            (await server.Client.GetStringAsync("/api/v1/videos")).Contains("a.mp4", StringComparison.Ordinal));

        // Without a look every four seconds only the one every half minute would find the next one.
        var watched = Stopwatch.StartNew();
        folder.Write("outputs/batch/b.mp4", Clips.Mp4(), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await Eventually.HoldsAsync(async () =>
            (await server.Client.GetStringAsync("/api/v1/videos")).Contains("b.mp4", StringComparison.Ordinal));
        Assert.InRange(watched.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));

        var log = await File.ReadAllTextAsync(folder["logs", "运行实时日志.log"]);
        Assert.Equal(2, log.Split("[WARN] 系统无法监视输出目录的变化").Length);
    }

    private static WebApplication Build(IHostedService service)
    {
        var builder = AppHost.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Services.AddSingleton(service);
        return builder.Build();
    }

    /// <summary>Works on something that cannot be interrupted.</summary>
    private sealed class Hanging : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => new TaskCompletionSource().Task;
    }

    private sealed class Failing : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("broken");
        }
    }
}
