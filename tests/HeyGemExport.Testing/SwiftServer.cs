using System.Diagnostics;
using System.Globalization;

namespace HeyGemExport.Testing;

/// <summary>
/// A real store that speaks S3, of this test run's own, on 127.0.0.1 and free ports: OpenStack Swift with its S3 layer. Like
/// Aliyun OSS it refuses the chunked signing that newer clients prefer.
/// </summary>
public sealed class SwiftServer : IAsyncLifetime
{
    public const string AccessKey = "test:tester";
    public const string Secret = "testing";

    private const int Attempts = 3;

    // Five programs in Python: 3 to 12 seconds on a machine of its own, and several times that beside other tests.
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(90);

    private readonly List<Process> processes = [];
    private readonly string folder = Directory.CreateTempSubdirectory("heygem-swift-").FullName;
    private int proxyPort = FreePort.Next();
    private Process? proxy;

    /// <summary>The programs that make up the store.</summary>
    public static IReadOnlyList<string> Programs { get; } =
        ["swift-proxy-server", "swift-account-server", "swift-container-server", "swift-object-server", "memcached"];

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{proxyPort}");

    public int Port => proxyPort;

    public async Task InitializeAsync()
    {
        // Where it is missing its tests are skipped; with CI=true they are not, and fail here.
        if (Programs.Any(program => Testing.Programs.Find(program) is null))
        {
            throw new InvalidOperationException(Testing.Programs.Missing(Programs));
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StartAllAsync();
                return;
            }
            catch (StoreStartException) when (attempt < Attempts)
            {
                // Another program may have one of the ports by now.
                await EndAllAsync();
                proxyPort = FreePort.Next();
            }
        }
    }

    public async Task DisposeAsync()
    {
        await EndAllAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task StartAllAsync()
    {
        var ports =
            new Dictionary<string, int>(StringComparer.Ordinal) { ["account"] = FreePort.Next(), ["container"] = FreePort.Next(),
            ["object"] = FreePort.Next(), ["memcached"] = FreePort.Next() };
        await File.WriteAllTextAsync(InFolder("swift.conf"), """
            [swift-hash]
            swift_hash_path_suffix = test
            swift_hash_path_prefix = test
            [swift-constraints]
            max_file_size = 5368709122

            """);
        await WriteRingsAsync(ports);
        foreach (var kind in new[] { "account", "container", "object" })
        {
            Directory.CreateDirectory(InFolder("srv", "d1"));
            await File.WriteAllTextAsync(InFolder(kind + ".conf"), Settings(ports[kind]) + $"""
                devices = {InFolder("srv")}
                mount_check = false
                [pipeline:main]
                pipeline = {kind}-server
                [app:{kind}-server]
                use = egg:swift#{kind}
                replication_server = true

                """);
            processes.Add(Start($"swift-{kind}-server", InFolder(kind + ".conf")));
        }

        processes.Add(
            Start("memcached", "-l", "127.0.0.1", "-p", ports["memcached"].ToString(CultureInfo.InvariantCulture), "-u",
            Environment.UserName, "-m", "16"));
        await File.WriteAllTextAsync(InFolder("proxy.conf"), Settings(proxyPort) + $"""
            [pipeline:main]
            pipeline = catch_errors gatekeeper cache listing_formats bulk s3api tempauth copy container-quotas slo dlo versioned_writes symlink proxy-server
            [app:proxy-server]
            use = egg:swift#proxy
            account_autocreate = true
            error_suppression_limit = 1000000
            [filter:tempauth]
            use = egg:swift#tempauth
            user_test_tester = testing .admin
            [filter:s3api]
            use = egg:swift#s3api
            location = us-east-1
            [filter:cache]
            use = egg:swift#memcache
            memcache_servers = 127.0.0.1:{ports["memcached"]}
            [filter:versioned_writes]
            use = egg:swift#versioned_writes
            allow_object_versioning = true
            [filter:container-quotas]
            use = egg:swift#container_quotas
            {string.Join('\n', new[] { "catch_errors", "gatekeeper", "listing_formats", "bulk", "copy", "slo", "dlo", "symlink" }.Select(filter => $"[filter:{filter}]\nuse = egg:swift#{filter}"))}

            """);
        await StartProxyAsync();
    }

    private async Task EndAllAsync()
    {
        await StopProxyAsync();
        foreach (var process in processes)
        {
            await EndAsync(process);
        }

        processes.Clear();
    }

    /// <summary>Has the store answer, and waits until it does.</summary>
    public async Task StartProxyAsync()
    {
        proxy = Start("swift-proxy-server", InFolder("proxy.conf"));
        using var client = new HttpClient { BaseAddress = new Uri(Endpoint) };
        using var timeout = new CancellationTokenSource(StartUp);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var answer = "none";
        try
        {
            while (await timer.WaitForNextTickAsync(timeout.Token))
            {
                try
                {
                    // A request for a token goes through to the account server, so every part has to be up.
                    using var token = await AuthenticateAsync(client, timeout.Token);
                    using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/AUTH_test");
                    request.Headers.Add("X-Auth-Token", token.Headers.GetValues("X-Auth-Token"));
                    using var account = await client.SendAsync(request, timeout.Token);
                    if (account.IsSuccessStatusCode)
                    {
                        return;
                    }

                    answer = account.StatusCode.ToString();
                }
                catch (HttpRequestException exception)
                {
                    answer = exception.Message;
                }

                if (processes.Append(proxy).Any(process => process.HasExited))
                {
                    throw new StoreStartException($"A part of Swift has ended; last answer: {answer}. {Logs()}");
                }
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new StoreStartException($"Swift does not answer after {StartUp}; last answer: {answer}. {Logs()}", exception);
        }
    }

    /// <summary>Ends the part that answers, as a machine that goes away.</summary>
    public async Task StopProxyAsync()
    {
        if (proxy is not null)
        {
            await EndAsync(proxy);
            proxy = null;
        }
    }

    /// <summary>Sets how many bytes a bucket takes.</summary>
    public async Task LimitAsync(string bucket, long bytes)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Endpoint) };
        using var token = await AuthenticateAsync(client, CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/AUTH_test/" + bucket);
        request.Headers.Add("X-Auth-Token", token.Headers.GetValues("X-Auth-Token"));
        request.Headers.Add("X-Container-Meta-Quota-Bytes", bytes.ToString(CultureInfo.InvariantCulture));
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<HttpResponseMessage> AuthenticateAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/auth/v1.0");
        request.Headers.Add("X-Auth-User", AccessKey);
        request.Headers.Add("X-Auth-Key", Secret);
        var response = await client.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode ? response : throw new HttpRequestException($"{(int)response.StatusCode}");
    }

    private string Settings(int port) => string.Create(CultureInfo.InvariantCulture, $"""
        [DEFAULT]
        bind_ip = 127.0.0.1
        bind_port = {port}
        workers = 0
        swift_dir = {folder}
        user = {Environment.UserName}
        log_address = {folder}/no-log
        log_level = WARNING
        disable_fallocate = true
        fallocate_reserve = 0

        """);

    private async Task WriteRingsAsync(Dictionary<string, int> ports)
    {
        // One start of Python instead of nine of swift-ring-builder; of the Python that the packages belong to.
        var script = new System.Text.StringBuilder("from swift.common.ring import RingBuilder\n");
        foreach (
            var (name, port) in new[] { ("account", ports["account"]), ("container", ports["container"]), ("object", ports["object"]) })
        {
            script.Append(CultureInfo.InvariantCulture, $"b = RingBuilder(4, 1, 1)\nb.add_dev(dict(region=1, zone=1, ip='127.0.0.1', port={port}, "
                + $"device='d1', weight=1, replication_ip='127.0.0.1', replication_port={port}))\n"
                + $"b.rebalance()\nb.get_ring().save('{InFolder(name + ".ring.gz")}')\n");
        }

        using var python =
            Process.Start(
            new ProcessStartInfo("/usr/bin/python3", ["-c", script.ToString()]) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, errors);
    }

    private string InFolder(params string[] parts) => Path.Combine([folder, .. parts]);

    private Process Start(string program, params string[] arguments) =>
        // Its output goes to a file: a server that inherits a pipe keeps it open for ever.
        Process.Start(new ProcessStartInfo(
            "/bin/sh",
            ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "sh", InFolder(program + ".log"), program, .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
        })!;

    private string Logs() => string.Join(
        '\n', Directory.GetFiles(folder, "*.log").Select(log => $"{Path.GetFileName(log)}: {File.ReadAllText(log)}"));

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}

/// <summary>The store could not be started.</summary>
internal sealed class StoreStartException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A fact that needs the store; skipped where it is not installed, except with <c>CI=true</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SwiftFactAttribute : FactAttribute
{
    public SwiftFactAttribute() => Skip = Programs.SkipReason(SwiftServer.Programs);
}
