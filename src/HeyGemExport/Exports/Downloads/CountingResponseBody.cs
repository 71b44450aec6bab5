using System.IO.Pipelines;
using System.Net.Sockets;
using HeyGemExport.Exports.Retention;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace HeyGemExport.Exports.Downloads;

/// <summary>Reads files straight into the server's buffers and counts the bytes that the connection has accepted.</summary>
/// <remarks>The response's stream copies everything once more, into blocks of 4 KiB, which takes twice the processor time. Once the
/// client has disconnected, the server discards whatever is written and reports it only in the result of the flush: until
/// <c>RequestAborted</c> fires, a whole archive could be counted as sent. Over TLS the flush does not report it either, but the server
/// closes the socket before it begins to discard.</remarks>
/// <param name="patience">How long a client may take for a chunk of at most 256 KiB: a slow one is a client, one that reads
/// nothing any more holds the archive.</param>
internal sealed class CountingResponseBody(
    IFeatureCollection features, ActiveDownloads active, TimeSpan patience, TimeProvider time) : IHttpResponseBodyFeature
{
    // A large chunk takes a fifth less processor time for each byte than a small one. But a slow client holds its chunk for as long as it
    // reads, the pool keeps few large ones, and what it drops waits for a full collection, as arrays above 85,000 bytes do.
    private const int LargeChunk = 256 << 10;
    private const int SmallChunk = 64 << 10;

    /// <summary>Before that, chunks are small: of one that breaks off early, a large chunk would be most of what was sent.</summary>
    private const int Beginning = 1 << 20;

    /// <summary>How many downloads at the same time have large chunks: 8 MiB of them.</summary>
    private const int FewDownloads = 32;

    /// <summary>A client that takes longer for a chunk has small ones: nothing is counted of the one during which it disconnects.</summary>
    private static readonly TimeSpan FastFlush = TimeSpan.FromMilliseconds(50);

    private readonly IHttpResponseBodyFeature body = features.GetRequiredFeature<IHttpResponseBodyFeature>();
    private readonly Socket? socket = features.Get<IConnectionSocketFeature>()?.Socket;

    private bool fast;
    private long sent;

    public long Sent => Interlocked.Read(ref sent);

    // Nothing is counted of what is written by these three.
    public Stream Stream => body.Stream;

    public PipeWriter Writer => body.Writer;

    public void DisableBuffering() => body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => body.StartAsync(cancellationToken);

    public Task CompleteAsync() => body.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        body.SendFileAsync(path, offset, count, cancellationToken);

    /// <param name="read">Reads at an offset: 0 at the end.</param>
    /// <exception cref="ConnectionAbortedException">The client has disconnected, or reads no further.</exception>
    /// <exception cref="EndOfStreamException">There are fewer bytes.</exception>
    public async Task SendAsync(
        Func<Memory<byte>, long, ValueTask<int>> read, long offset, long count, CancellationToken cancellationToken)
    {
        // Before the response has started, what is written would be copied once more.
        await body.StartAsync(cancellationToken);
        using var stalled = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
        for (var end = offset + count; offset < end;)
        {
            var isLarge = fast && Sent >= Beginning && active.Total <= FewDownloads;
            var chunk = (int)Math.Min(isLarge ? LargeChunk : SmallChunk, end - offset);
            var filled = await read(body.Writer.GetMemory(chunk)[..chunk], offset);
            if (filled == 0)
            {
                throw new EndOfStreamException($"The archive ends at byte {offset}, {end - offset} bytes too early.");
            }

            body.Writer.Advance(filled);
            var begun = time.GetTimestamp();
            stalled.CancelAfter(patience);
            if (await FlushAsync(ended.Token, cancellationToken) is not { IsCompleted: false } || socket is { Connected: false })
            {
                throw new ConnectionAbortedException();
            }

            stalled.CancelAfter(Timeout.InfiniteTimeSpan);
            fast = time.GetElapsedTime(begun) < FastFlush;
            offset += filled;
            Interlocked.Add(ref sent, filled);
        }
    }

    /// <summary>Null when the client reads no further.</summary>
    private async ValueTask<FlushResult?> FlushAsync(CancellationToken ended, CancellationToken cancellationToken)
    {
        try
        {
            return await body.Writer.FlushAsync(ended);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
