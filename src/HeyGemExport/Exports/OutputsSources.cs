using HeyGemExport.Archives;
using HeyGemExport.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Exports;

/// <summary>The files of the outputs folder as sources of an archive, each compared with its contract when it is opened and after it was
/// read.</summary>
internal sealed class OutputsSources(OutputsRoot outputs) : IArchiveSources
{
    public async ValueTask<ISourceReader> OpenAsync(ContractEntry entry)
    {
        Reader? reader = null;
        try
        {
            reader = new Reader(this, entry, outputs.OpenRead(entry.Path));
            reader.EnsureAsPromised();
            return reader;
        }
        catch (Exception failure)
        {
            await (reader?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (failure is IOException or UnauthorizedAccessException)
            {
                throw new ContractBrokenException(IssueOf(entry, failure));
            }

            throw;
        }
    }

    public SourceIssue? Inspect(ContractEntry entry)
    {
        try
        {
            using var stream = outputs.OpenRead(entry.Path);
            var identity = entry is { Identity: null, Version: null } ? null : OutputsRoot.Identify(stream.SafeFileHandle);
            return Difference(entry, stream.SafeFileHandle, identity);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return IssueOf(entry, failure);
        }
    }

    private static SourceIssue? Difference(ContractEntry entry, SafeFileHandle handle, FileIdentity? identity)
    {
        var (bytes, modifiedAt, _) = OutputsRoot.StatusOf(handle);
        var difference = bytes != entry.Bytes ? string.Create(CultureInfo.InvariantCulture, $"{entry.Bytes} → {bytes} bytes")
            : modifiedAt != entry.ModifiedAt ? string.Create(CultureInfo.InvariantCulture, $"{entry.ModifiedAt:O} → {modifiedAt:O}")
            : entry.Identity is not null && !string.Equals(identity?.File, entry.Identity, StringComparison.Ordinal)
            ? "another file of the same length and time"
            // What is known of the content is compared, too, and says more than that something about the file changed.
            : entry is { Version: not null, Known: null } && !string.Equals(identity?.Content, entry.Version, StringComparison.Ordinal)
            ? "changed, with the same length and time"
            : null;
        return difference is null ? null : new SourceIssue(entry.Path, SourceIssue.Changed, difference);
    }

    private SourceIssue IssueOf(ContractEntry entry, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new SourceIssue(entry.Path, outputs.LeadsThroughLink(entry.Path) ? SourceIssue.Link : SourceIssue.Vanished),
        _ => new SourceIssue(entry.Path, SourceIssue.Unreadable, failure.Message),
    };

    /// <summary>Whether the name leads to the file that was opened, unchanged and as promised.</summary>
    private bool IsStill(ContractEntry entry, Inode opened) => outputs.Resolve(entry.Path) is { } there
        && there.Inode == opened && there.Bytes == entry.Bytes && there.ModifiedAt == entry.ModifiedAt;

    private sealed class Reader(OutputsSources sources, ContractEntry entry, FileStream stream) : ISourceReader
    {
        private readonly SafeFileHandle handle = stream.SafeFileHandle;
        private readonly FileIdentity? opened = OutputsRoot.Identify(stream.SafeFileHandle);

        public string? Version => opened is not null && OutputsRoot.Identify(handle) == opened ? opened.Content : null;

        public async ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
        {
            var wanted = (int)Math.Clamp(entry.Bytes - offset, 0, buffer.Length);
            var filled = 0;
            try
            {
                while (filled < wanted)
                {
                    var (rest, at) = (buffer[filled..wanted], offset + filled);
                    var count = rest.Length > ArchiveBuilder.SmallBytes
                        ? await RandomAccess.ReadAsync(handle, rest, at, cancellationToken)
                        : RandomAccess.Read(handle, rest.Span, at);
                    filled += count > 0
                        ? count
                        : throw new ContractBrokenException(
                            new SourceIssue(entry.Path, SourceIssue.Changed, $"{offset + filled} < {entry.Bytes}"));
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new ContractBrokenException(new SourceIssue(entry.Path, SourceIssue.Unreadable, failure.Message));
            }

            return filled;
        }

        public void EnsureUnchanged()
        {
            if (opened is not null && sources.IsStill(entry, opened.Inode))
            {
                EnsureAsPromised();
                return;
            }

            // What became of the name says more than that something changed: deleting a file changes it, too.
            if (sources.Inspect(entry) is { } issue)
            {
                throw new ContractBrokenException(issue);
            }

            EnsureAsPromised();
            if (entry.Identity is not null && opened is not null && OutputsRoot.Identify(handle) != opened)
            {
                throw new ContractBrokenException(new SourceIssue(entry.Path, SourceIssue.Changed));
            }
        }

        public void EnsureAsPromised()
        {
            if (Difference(entry, handle, opened) is { } issue)
            {
                throw new ContractBrokenException(issue);
            }
        }

        public ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}
