using System.IO.Pipelines;
using System.Security.Cryptography;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.Exports.Retention;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Tests.Exports.Downloads;

/// <summary>What counts as sent: the server takes what it is given without a word when the client has gone.</summary>
public sealed class SentBytesTests : IDisposable
{
    private const int Length = 1_000_000;

    private readonly TempFolder folder = new();
    private readonly byte[] content = RandomNumberGenerator.GetBytes(Length);
    private readonly string file;
    private readonly Connection connection = new();
    private readonly CountingResponseBody body;

    public SentBytesTests()
    {
        file = folder.Write("archive.zip", content);
        var features = new FeatureCollection();
        features.Set<IHttpResponseBodyFeature>(connection);
        body = new CountingResponseBody(
            features, new ActiveDownloads(database: null!, new(), TimeProvider.System, NullLogger<ActiveDownloads>.Instance),
            TimeSpan.FromMinutes(5), TimeProvider.System);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Counts_what_the_connection_has_taken()
    {
        using var handle = File.OpenHandle(file);
        var sending = body.SendAsync(From(handle), 1000, Length - 1000, CancellationToken.None);
        var received = await connection.ReceiveAsync(Length - 1000);
        await sending;

        Assert.Equal(content[1000..], received);
        Assert.Equal(Length - 1000, body.Sent);
    }

    [Fact]
    public async Task Counts_pieces_of_open_files_together()
    {
        using var handle = File.OpenHandle(file);
        var sending = SendAsync();
        var received = await connection.ReceiveAsync(1500);
        await sending;

        Assert.Equal([.. content[5000..6000], .. content[..500]], received);
        Assert.Equal(1500, body.Sent);

        async Task SendAsync()
        {
            await body.SendAsync(From(handle), 5000, 1000, CancellationToken.None);
            await body.SendAsync(From(handle), 0, 500, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Counts_nothing_that_nobody_takes_any_more_and_stops()
    {
        using var handle = File.OpenHandle(file);
        await body.SendAsync(From(handle), 0, 1000, CancellationToken.None);
        await connection.CloseAsync();

        await Assert.ThrowsAsync<ConnectionAbortedException>(() => body.SendAsync(From(handle), 1000, 500, CancellationToken.None));

        Assert.Equal(1000, body.Sent);
    }

    [Fact]
    public async Task Fails_when_the_file_has_fewer_bytes_than_were_promised()
    {
        using var handle = File.OpenHandle(file);

        await Assert.ThrowsAsync<EndOfStreamException>(() => body.SendAsync(From(handle), Length - 100, 200, CancellationToken.None));

        Assert.Equal(100, body.Sent);
    }

    /// <summary>A client at the other end of a pipe.</summary>
    private sealed class Connection : IHttpResponseBodyFeature
    {
        private readonly Pipe pipe = new();

        public Stream Stream => pipe.Writer.AsStream();

        public PipeWriter Writer => pipe.Writer;

        public async Task<byte[]> ReceiveAsync(int count)
        {
            var received = new byte[count];
            await pipe.Reader.AsStream(leaveOpen: true).ReadExactlyAsync(received);
            return received;
        }

        public ValueTask CloseAsync() => pipe.Reader.CompleteAsync();

        public void DisableBuffering()
        {
        }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task CompleteAsync() => Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }

    private static Func<Memory<byte>, long, ValueTask<int>> From(SafeFileHandle file) =>
        (buffer, offset) => RandomAccess.ReadAsync(file, buffer, offset);
}
