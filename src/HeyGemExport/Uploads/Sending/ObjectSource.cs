using HeyGemExport.Archives;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Uploads.Sending;

/// <summary>Something on this side that becomes one object: its promised length and hash, and how it is read.</summary>
/// <param name="Sha256">Its promised SHA-256, lower-case hex.</param>
internal abstract record ObjectSource(string Name, long Bytes, string Sha256)
{
    public abstract ValueTask<ISourceReader> OpenAsync();
}

internal sealed record ArchiveSource(string Path, string Name, long Bytes, string Sha256) : ObjectSource(Name, Bytes, Sha256)
{
    public override ValueTask<ISourceReader> OpenAsync()
    {
        try
        {
            var handle = File.OpenHandle(
                Path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
            return ValueTask.FromResult<ISourceReader>(new Reader(handle, this));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ContractBrokenException(
                [new SourceIssue(Name, failure is FileNotFoundException or DirectoryNotFoundException ? "vanished" : "unreadable", failure.Message)]);
        }
    }

    private sealed class Reader(SafeFileHandle handle, ArchiveSource source) : ISourceReader
    {
        public async ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
        {
            var wanted = (int)Math.Clamp(source.Bytes - offset, 0, buffer.Length);
            var filled = 0;
            while (filled < wanted)
            {
                var count = await RandomAccess.ReadAsync(handle, buffer[filled..wanted], offset + filled, cancellationToken);
                filled += count > 0 ? count : throw Changed();
            }

            return filled;
        }

        public void EnsureUnchanged()
        {
            if (RandomAccess.GetLength(handle) != source.Bytes)
            {
                throw Changed();
            }
        }

        public ValueTask DisposeAsync()
        {
            handle.Dispose();
            return ValueTask.CompletedTask;
        }

        private ContractBrokenException Changed() => new([new SourceIssue(source.Name, "changed")]);
    }
}

/// <summary>A video, held to the contract of its export while it is read.</summary>
internal sealed record VideoSource(
    IArchiveSources Sources, ContractEntry Entry, string Sha256) : ObjectSource(Entry.Path, Entry.Bytes, Sha256)
{
    public override ValueTask<ISourceReader> OpenAsync() => Sources.OpenAsync(Entry);
}

internal sealed record ContentSource(string Name, ReadOnlyMemory<byte> Content, string Sha256) : ObjectSource(Name, Content.Length, Sha256)
{
    public override ValueTask<ISourceReader> OpenAsync() => ValueTask.FromResult<ISourceReader>(new Reader(Content));

    private sealed class Reader(ReadOnlyMemory<byte> content) : ISourceReader
    {
        public ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
        {
            var rest = content[(int)offset..];
            var count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            return ValueTask.FromResult(count);
        }

        public void EnsureUnchanged()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
