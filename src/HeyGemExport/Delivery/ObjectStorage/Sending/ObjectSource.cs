using HeyGemExport.Exports.Archives;
using HeyGemExport.Library;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Delivery.ObjectStorage.Sending;

/// <summary>Something on this side that becomes one object: its promised length and hash, and how it is read.</summary>
/// <param name="Name">What it is called here, for errors.</param>
/// <param name="Bytes">Its promised length.</param>
/// <param name="Sha256">Its promised SHA-256, lower-case hex.</param>
internal abstract record ObjectSource(string Name, long Bytes, string Sha256)
{
    /// <summary>Opens it.</summary>
    /// <exception cref="ContractBrokenException">It is not what was promised.</exception>
    public abstract ValueTask<IObjectReader> OpenAsync();
}

/// <summary>An open source.</summary>
internal interface IObjectReader : IAsyncDisposable
{
    /// <summary>Fills the buffer from an offset; fewer bytes only at the end.</summary>
    ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <summary>After reading: it is still what it was.</summary>
    /// <exception cref="ContractBrokenException">It is not.</exception>
    void EnsureUnchanged();
}

/// <summary>A published archive.</summary>
internal sealed record ArchiveSource(string Path, string Name, long Bytes, string Sha256) : ObjectSource(Name, Bytes, Sha256)
{
    /// <inheritdoc/>
    public override ValueTask<IObjectReader> OpenAsync()
    {
        try
        {
            var handle = File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return ValueTask.FromResult<IObjectReader>(new Reader(handle, this));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ContractBrokenException([new SourceFault(Name, failure is FileNotFoundException or DirectoryNotFoundException ? "vanished" : "unreadable", failure.Message)]);
        }
    }

    private sealed class Reader(SafeFileHandle handle, ArchiveSource source) : IObjectReader
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

        private ContractBrokenException Changed() => new([new SourceFault(source.Name, "changed")]);
    }
}

/// <summary>A video, held to the contract of its export while it is read.</summary>
internal sealed record VideoSource(OutputsRoot Outputs, ContractEntry Entry, string Sha256) : ObjectSource(Entry.Path, Entry.Bytes, Sha256)
{
    /// <inheritdoc/>
    public override async ValueTask<IObjectReader> OpenAsync() => new Reader(await SourceReader.OpenAsync(Outputs, Entry));

    private sealed class Reader(SourceReader source) : IObjectReader
    {
        public ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) => source.ReadAtAsync(buffer, offset, cancellationToken);

        public void EnsureUnchanged() => source.EnsureUnchanged();

        public ValueTask DisposeAsync() => source.DisposeAsync();
    }
}

/// <summary>Bytes that are at hand.</summary>
internal sealed record ContentSource(string Name, ReadOnlyMemory<byte> Content, string Sha256) : ObjectSource(Name, Content.Length, Sha256)
{
    /// <inheritdoc/>
    public override ValueTask<IObjectReader> OpenAsync() => ValueTask.FromResult<IObjectReader>(new Reader(Content));

    private sealed class Reader(ReadOnlyMemory<byte> content) : IObjectReader
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
