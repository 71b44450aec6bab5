using System.Diagnostics;

namespace HeyGemExport.Tests.Faults;

/// <summary>A file system, as of a network share, that takes eight seconds for a read, which nothing can interrupt.</summary>
public sealed class SlowReadTests : IDisposable
{
    /// <summary>Holds up large reads of files below a folder, while that has a file called hold.</summary>
    private const string Source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/types.h>
        #include <time.h>
        #include <unistd.h>

        static void hold(int fd, size_t count) {
            const char *folder = getenv("SLOW_FOLDER");
            char link[64], path[4096], marker[4096];
            if (folder == NULL || count < 65536) return;
            snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
            ssize_t length = readlink(link, path, sizeof path - 1);
            if (length <= 0) return;
            path[length] = 0;
            snprintf(marker, sizeof marker, "%s/hold", folder);
            if (strncmp(path, folder, strlen(folder)) != 0 || access(marker, F_OK) != 0) return;
            snprintf(marker, sizeof marker, "%s/held", folder);
            FILE *held = fopen(marker, "w");
            if (held != NULL) fclose(held);
            struct timespec left = { 8, 0 };
            while (nanosleep(&left, &left) != 0 && errno == EINTR) { }
        }

        ssize_t pread(int fd, void *buffer, size_t count, off_t offset) {
            hold(fd, count);
            return ((ssize_t (*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread"))(fd, buffer, count, offset);
        }

        ssize_t pread64(int fd, void *buffer, size_t count, off_t offset) {
            hold(fd, count);
            return ((ssize_t (*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread64"))(fd, buffer, count, offset);
        }

        ssize_t read(int fd, void *buffer, size_t count) {
            hold(fd, count);
            return ((ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read"))(fd, buffer, count);
        }
        """;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ProgramFact("gcc", "gencat")]
    public async Task A_stop_during_a_read_is_orderly_and_the_next_start_packs_it()
    {
        string id;
        await using (var server = await StartAsync())
        {
            id = await HeldExportAsync(server);

            Assert.Equal(0, await server.StopAsync());
        }

        File.Delete(Slow("hold"));
        await using var next = await StartAsync();
        await Aftermath.NextExportEndedWellAsync(next.Client, folder, id);
        Aftermath.NothingIsLeft(folder);
        await Aftermath.NothingIsOrphanedAsync(next.Client, folder);
    }

    [ProgramFact("gcc", "gencat")]
    public async Task A_cancelled_export_leaves_nothing_once_the_read_returns()
    {
        await using var server = await StartAsync();
        var id = await HeldExportAsync(server);

        using var answer = await server.Client.PostAsync($"/api/v1/exports/{id}/cancel", content: null);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal("cancelled", (await Aftermath.FindAsync(server.Client, id)).State());
        await Eventually.HoldsAsync(() => Aftermath.PartialFiles(folder).Length == 0);
        File.Delete(Slow("hold"));
        await Aftermath.NextExportWorksAsync(server.Client, folder);
        await Aftermath.NothingIsOrphanedAsync(server.Client, folder);
    }

    /// <summary>An export that is in the midst of such a read.</summary>
    private async Task<string> HeldExportAsync(ServerProcess server)
    {
        await File.WriteAllTextAsync(Slow("hold"), "");
        var id = await Aftermath.RequestAsync(server.Client, new { batches = new[] { "slow" } });
        await Eventually.HoldsAsync(() => File.Exists(Slow("held")) && Aftermath.PartialFiles(folder).Length == 1);
        return id;
    }

    private async Task<ServerProcess> StartAsync()
    {
        var library = folder["hold.so"];
        if (!File.Exists(library))
        {
            Clips.WriteSparseMp4(Slow("a.mp4"), 8L << 20);
            await File.WriteAllTextAsync(folder["hold.c"], Source);
            using var compiler = Process.Start("gcc", ["-shared", "-fPIC", "-o", library, folder["hold.c"], "-ldl"]);
            await compiler.WaitForExitAsync();
            Assert.Equal(0, compiler.ExitCode);
        }

        return await ServerProcess.StartByAsync(["env", $"LD_PRELOAD={library}", $"SLOW_FOLDER={folder["outputs", "slow"]}"], folder);
    }

    private string Slow(string name) => folder["outputs", "slow", name];
}
