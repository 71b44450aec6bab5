using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace HeyGemExport.Exports.Downloads;

/// <summary>Counts the bytes that a response has accepted. Once the client has disconnected, the server discards whatever is written and
/// reports it only in the result of the write: until <c>RequestAborted</c> fires, a whole archive could be counted as sent.</summary>
internal sealed class CountingStream(PipeWriter body) : Stream
{
    private long written;

    public long Written => Interlocked.Read(ref written);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <exception cref="ConnectionAbortedException">The client has disconnected.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if ((await body.WriteAsync(buffer, cancellationToken)).IsCompleted)
        {
            throw new ConnectionAbortedException();
        }

        Interlocked.Add(ref written, buffer.Length);
    }
}
