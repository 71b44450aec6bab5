namespace HeyGemExport.Archives;

/// <summary>An open source that is held to what was promised of it.</summary>
internal interface ISourceReader : IAsyncDisposable
{
    /// <summary>Reads what is there at an offset; fewer bytes than asked for only at the end of the promised length.</summary>
    /// <exception cref="ContractBrokenException">The source is shorter than promised, or cannot be read.</exception>
    ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <summary>After reading: the source is still what was promised.</summary>
    /// <exception cref="ContractBrokenException">It is not.</exception>
    void EnsureUnchanged();
}

/// <summary>Where the content of an archive's entries comes from.</summary>
internal interface IArchiveSources
{
    /// <summary>Opens the source of an entry.</summary>
    /// <exception cref="ContractBrokenException">It is not what the contract says, or cannot be read.</exception>
    ValueTask<ISourceReader> OpenAsync(ContractEntry entry);

    /// <summary>What is wrong with a source right now, without reading its content; null when nothing is.</summary>
    SourceIssue? Inspect(ContractEntry entry);
}
