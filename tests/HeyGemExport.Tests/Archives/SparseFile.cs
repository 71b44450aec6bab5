namespace HeyGemExport.Tests.Archives;

/// <summary>A file that keeps holes where nothing but zeros is written: an archive of sparse sources takes no space and no time
/// on the disk, and reads the same.</summary>
public sealed class SparseFile(string path)
    : FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0 })
{
    private const int WorthSkipping = 64 * 1024;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length < WorthSkipping || buffer.Span.ContainsAnyExcept((byte)0))
        {
            return base.WriteAsync(buffer, cancellationToken);
        }

        Position += buffer.Length;
        return ValueTask.CompletedTask;
    }
}
