namespace HeyGemExport.Archives;

internal interface ISourceReader : IAsyncDisposable
{
    /// <summary>Which version of which file this is, as <see cref="KnownContent.Version"/> has it; null where the system does not
    /// tell.</summary>
    string? Version => null;

    /// <summary>Reads at an offset; fewer bytes than requested only at the end of the promised length.</summary>
    /// <exception cref="ContractBrokenException">The source is shorter than promised, or cannot be read.</exception>
    ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <exception cref="ContractBrokenException">The source is no longer what was promised.</exception>
    void EnsureUnchanged();
}

internal interface IArchiveSources
{
    /// <exception cref="ContractBrokenException">It is not what the contract says, or cannot be read.</exception>
    ValueTask<ISourceReader> OpenAsync(ContractEntry entry);

    /// <summary>Judged without reading the content; null for nothing wrong.</summary>
    SourceIssue? Inspect(ContractEntry entry);
}
