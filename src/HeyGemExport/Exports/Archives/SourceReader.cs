using HeyGemExport.Library;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Exports.Archives;

/// <summary>An open source that is held to its contract: what differs from it ends in a <see cref="ContractBrokenException"/>.</summary>
internal sealed class SourceReader : IAsyncDisposable
{
    private readonly ContractEntry entry;
    private readonly FileStream stream;
    private readonly SafeFileHandle handle;
    private readonly OutputsRoot outputs;
    private readonly FileIdentity? opened;

    private SourceReader(OutputsRoot outputs, ContractEntry entry, FileStream stream)
    {
        this.outputs = outputs;
        this.entry = entry;
        this.stream = stream;
        handle = stream.SafeFileHandle;
        opened = entry.Identity is null ? null : OutputsRoot.Identify(handle);
    }

    /// <summary>Length that the contract promises.</summary>
    public long Bytes => entry.Bytes;

    /// <summary>Opens the source of an entry and compares its length and time with the contract.</summary>
    public static async ValueTask<SourceReader> OpenAsync(OutputsRoot outputs, ContractEntry entry)
    {
        SourceReader? reader = null;
        try
        {
            reader = new SourceReader(outputs, entry, outputs.OpenRead(entry.Path));
            reader.EnsureAsPromised();
            return reader;
        }
        catch (Exception failure)
        {
            await (reader?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (failure is IOException or UnauthorizedAccessException)
            {
                throw Broken(SourceDiagnosis.Of(outputs, entry, failure));
            }

            throw;
        }
    }

    /// <summary>Reads what is there at an offset; fewer bytes than asked for only at the end of the contract's length.</summary>
    public async ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Clamp(entry.Bytes - offset, 0, buffer.Length);
        var filled = 0;
        try
        {
            while (filled < wanted)
            {
                var count = await RandomAccess.ReadAsync(handle, buffer[filled..wanted], offset + filled, cancellationToken);
                filled += count > 0 ? count : throw Broken(new SourceFault(entry.Path, SourceDiagnosis.Changed, $"{offset + filled} < {entry.Bytes}"));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Broken(new SourceFault(entry.Path, SourceDiagnosis.Unreadable, failure.Message));
        }

        return filled;
    }

    /// <summary>After reading: the open file is still as promised and was not touched meanwhile, and its name still leads to it.</summary>
    public void EnsureUnchanged()
    {
        // What became of the name says more than that something changed: deleting a file changes it, too.
        if (SourceDiagnosis.Inspect(outputs, entry) is { } fault)
        {
            throw Broken(fault);
        }

        EnsureAsPromised();
        if (opened is not null && OutputsRoot.Identify(handle) != opened)
        {
            throw Broken(new SourceFault(entry.Path, SourceDiagnosis.Changed));
        }
    }

    private void EnsureAsPromised()
    {
        var bytes = RandomAccess.GetLength(handle);
        var modifiedAt = new DateTimeOffset(File.GetLastWriteTimeUtc(handle), TimeSpan.Zero);
        if (SourceDiagnosis.Difference(entry, bytes, modifiedAt, opened) is { } fault)
        {
            throw Broken(fault);
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static ContractBrokenException Broken(SourceFault fault) => new([fault]);
}
