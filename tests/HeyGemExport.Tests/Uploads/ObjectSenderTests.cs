using System.Security.Cryptography;
using HeyGemExport.Archives;
using HeyGemExport.Uploads;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Tests.Uploads;

/// <summary>One object on its way to a real store.</summary>
[Collection(SwiftCollection.Name)]
public sealed class ObjectSenderTests(SwiftServer server) : IAsyncLifetime
{
    private const int Part = 5 << 20;

    private readonly TempFolder folder = new();
    private TestBucket bucket = null!;

    public async Task InitializeAsync() => bucket = await TestBucket.CreateAsync(server);

    public Task DisposeAsync()
    {
        bucket.Dispose();
        folder.Dispose();
        return Task.CompletedTask;
    }

    [SwiftFact]
    public async Task Sends_small_empty_and_large_objects_that_arrive_as_they_were()
    {
        foreach (var length in new[] { 0, 1, Part, Part + 1, (3 * Part) + 17 })
        {
            var source = Source(length, out var content);
            await SendAsync(new ObjectOrder(source, $"a/{length} 视频.zip"));

            Assert.Equal(content, await bucket.ReadAsync($"a/{length} 视频.zip"));
        }

        Assert.Empty(await bucket.UploadsAsync());
    }

    [SwiftFact]
    public async Task Goes_on_with_an_upload_and_sends_no_part_twice()
    {
        var source = Source((4 * Part) + 3, out var content);
        BegunUpload? begun = null;
        using var stop = new CancellationTokenSource();
        var counted = new Counted(atBytes: 2 * Part, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(
            new ObjectOrder(source, "large.zip") { Begin = Remember }, counted, partsAtOnce: 1, cancellationToken: stop.Token));
        var before = await bucket.PartsAsync();

        var again = new Counted();
        await SendAsync(new ObjectOrder(source, "large.zip") { Begun = begun, Begin = Remember }, again);

        Assert.InRange(before.Length, 2, 4);
        Assert.Equal(content, await bucket.ReadAsync("large.zip"));
        Assert.Equal(content.Length, again.Bytes);
        Assert.Empty(await bucket.UploadsAsync());

        Task Remember(BegunUpload upload)
        {
            Assert.Null(begun);
            begun = upload;
            return Task.CompletedTask;
        }
    }

    [SwiftFact]
    public async Task Notices_that_an_upload_was_completed_before_the_process_ended()
    {
        var source = Source((2 * Part) + 3, out var content);
        BegunUpload? begun = null;
        await SendAsync(new ObjectOrder(source, "done.zip") { Begin = upload => Task.FromResult(begun = upload) });

        await SendAsync(
            new ObjectOrder(source, "done.zip") { Begun = begun, Begin = _ => throw new InvalidOperationException("Sent anew") });

        Assert.Equal(content, await bucket.ReadAsync("done.zip"));
    }

    [SwiftFact]
    public async Task Begins_anew_when_the_store_has_forgotten_the_upload()
    {
        var source = Source((2 * Part) + 3, out var content);
        BegunUpload? begun = null;

        await SendAsync(new ObjectOrder(source, "anew.zip")
        {
            Begun = new BegunUpload("bm8gc3VjaCB1cGxvYWQ", Part),
            Begin = upload => Task.FromResult(begun = upload),
        });

        Assert.NotNull(begun);
        Assert.Equal(content, await bucket.ReadAsync("anew.zip"));
    }

    [SwiftFact]
    public async Task A_source_that_changed_becomes_no_object_and_leaves_no_parts()
    {
        foreach (var length in new[] { 100, (2 * Part) + 1 })
        {
            var source = Source(length, out _, out var path);
            await using (var file = File.OpenWrite(path))
            {
                file.WriteByte(7);
            }

            await Assert.ThrowsAsync<ContractBrokenException>(() => SendAsync(new ObjectOrder(source, "changed.zip")));
        }

        Assert.Empty(await bucket.KeysAsync());
        Assert.Empty(await bucket.UploadsAsync());
    }

    [SwiftFact]
    public async Task Reads_objects_back_where_that_is_wanted()
    {
        var source = Source((2 * Part) + 3, out var content);

        await SendAsync(new ObjectOrder(source, "read.zip"), settings: new() { PartBytes = Part, Verify = ArrivalVerification.Read });

        Assert.Equal(content, await bucket.ReadAsync("read.zip"));
    }

    [SwiftFact]
    public async Task Another_object_at_the_key_is_a_mismatch()
    {
        var source = Source(100, out _);
        var other = Source(100, out _);
        await SendAsync(new ObjectOrder(other, "key.zip"));
        using var store = Open();

        foreach (var verification in Enum.GetValues<ArrivalVerification>())
        {
            var sender = new ObjectSender(store, new DestinationOptions { Verify = verification });
            var fault = await Assert.ThrowsAsync<ObjectStoreException>(
                () => sender.EnsureArrivedAsync(new ObjectOrder(source, "key.zip"), "0123", CancellationToken.None));
            Assert.Equal("arrival-mismatch", fault.Error.Code);
        }
    }

    [SwiftFact]
    public async Task Tries_a_part_again_while_the_store_is_away()
    {
        var source = Source((3 * Part) + 3, out var content);
        var retries = 0;
        Task? back = null;
        using var store = Open(_ =>
        {
            retries++;
            back ??= server.StartProxyAsync();
        });
        await server.StopProxyAsync();
        var sender = new ObjectSender(store, new DestinationOptions { PartBytes = Part });

        await sender.SendAsync(new ObjectOrder(source, "away.zip"), new Counted(), CancellationToken.None);
        await back!;

        Assert.True(retries > 0);
        Assert.Equal(content, await bucket.ReadAsync("away.zip"));
    }

    private ObjectStore Open(Action<ObjectStoreException>? onRetry = null) => new(
        new DestinationOptions
        {
            Endpoint = server.Endpoint,
            ForcePathStyle = true,
            AccessKeyId = SwiftServer.AccessKey,
            SecretAccessKey = SwiftServer.Secret,
        },
        bucket.Name, TimeProvider.System, TimeSpan.FromSeconds(60), onRetry);

    private async Task SendAsync(
        ObjectOrder order, Counted? progress = null, int partsAtOnce = 3, DestinationOptions? settings = null,
        CancellationToken cancellationToken = default)
    {
        using var store = Open();
        await new ObjectSender(store, settings ?? new DestinationOptions { PartBytes = Part, PartsAtOnce = partsAtOnce })
            .SendAsync(order, progress ?? new Counted(), cancellationToken);
    }

    private ObjectSource Source(int length, out byte[] content) => Source(length, out content, out _);

    private ObjectSource Source(int length, out byte[] content, out string path)
    {
        content = RandomNumberGenerator.GetBytes(length);
        path = folder.Write(Guid.NewGuid().ToString("N"), content);
        return ObjectSource.Archive(path, "archive.zip", length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private sealed class Counted(long atBytes = long.MaxValue, CancellationTokenSource? stop = null) : IProgress<long>
    {
        private long bytes;

        public long Bytes => Interlocked.Read(ref bytes);

        public void Report(long value)
        {
            if (Interlocked.Add(ref bytes, value) >= atBytes)
            {
                stop!.Cancel();
            }
        }
    }
}
