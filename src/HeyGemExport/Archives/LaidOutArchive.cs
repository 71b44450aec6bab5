using System.IO.Hashing;

namespace HeyGemExport.Archives;

/// <summary>An archive that is read from its sources, and exists nowhere else. It never returns a byte of a source that is not as
/// promised: every reading is followed by a look at the source's version, and what is read from front to back must have its
/// CRC-32.</summary>
/// <remarks>For one reader at a time.</remarks>
internal sealed class LaidOutArchive : ISourceReader
{
    private readonly IReadOnlyList<BuiltEntry> built;
    private readonly IReadOnlyList<AddedEntry> added;
    private readonly IArchiveSources sources;
    private readonly ArchiveLayout layout;

    // Those whose content was returned: they must still be as promised when the archive's last byte is.
    private readonly HashSet<int> returned = [];
    private SourceWindow? source;
    private int sourceIndex = -1;

    /// <param name="createdAt">When the export was confirmed, which is the time of added entries.</param>
    /// <param name="zone">Of the archive's local times.</param>
    /// <param name="hasTimestamps">False for one of a version that wrote none: its bytes stay as they were.</param>
    /// <param name="built">All of them with a <see cref="ContractEntry.Version"/> and a <see cref="BuiltEntry.LocalTime"/>.</param>
    public LaidOutArchive(
        ArchiveContract contract, IReadOnlyList<BuiltEntry> built, DateTimeOffset createdAt, TimeSpan zone, IArchiveSources sources,
        bool hasTimestamps = true)
    {
        this.built = built;
        this.sources = sources;
        added = AddedEntry.For(contract, built);
        layout = new ArchiveLayout(
        [
            .. built.Select(file => new LayoutEntry(
                file.Entry.EntryName, file.Entry.Bytes, file.Crc32, file.LocalTime!.Value, hasTimestamps ? file.Entry.ModifiedAt : null)),
            .. added.Select(entry =>
                new LayoutEntry(
                    entry.Name, entry.Content.Length, Crc32.HashToUInt32(entry.Content), createdAt.UtcDateTime + zone,
                    hasTimestamps ? createdAt : null)),
        ]);
    }

    private LaidOutArchive(LaidOutArchive other) =>
        (built, added, sources, layout) = (other.built, other.added, other.sources, other.layout);

    public long Length => layout.Length;

    /// <summary>Where the content of a source begins.</summary>
    public long ContentOffset(int index) => layout.ContentOffset(index);

    /// <summary>The same for another reader.</summary>
    public LaidOutArchive Reopen() => new(this);

    /// <exception cref="ContractBrokenException">A source is no longer what was promised; nothing is returned.</exception>
    public async ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        var filled = 0;
        foreach (var piece in layout.Pieces(offset, buffer.Length))
        {
            var target = buffer.Slice(filled, (int)piece.Count);
            if (piece.Entry < 0)
            {
                piece.Records.CopyTo(target);
            }
            else if (piece.Entry >= built.Count)
            {
                added[piece.Entry - built.Count].Content.AsMemory((int)piece.Offset, target.Length).CopyTo(target);
            }
            else
            {
                await ReadSourceAsync(piece, target, cancellationToken);
            }

            filled += target.Length;
        }

        if (offset + filled == Length)
        {
            EnsureUnchanged();
        }

        return filled;
    }

    /// <summary>Looks again at every source that was read.</summary>
    public void EnsureUnchanged()
    {
        var issues = returned.Select(index => sources.Inspect(built[index].Entry)).OfType<SourceIssue>().ToList();
        if (issues.Count > 0)
        {
            throw new ContractBrokenException(issues);
        }
    }

    public ValueTask DisposeAsync() => source?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask ReadSourceAsync(LayoutPiece piece, Memory<byte> target, CancellationToken cancellationToken)
    {
        var file = built[piece.Entry];
        if (sourceIndex != piece.Entry)
        {
            await DisposeAsync();
            (source, sourceIndex) = (null, -1);
            source = new SourceWindow(await sources.OpenAsync(file.Entry));
            sourceIndex = piece.Entry;
        }

        var read = await source!.ReadAsync(target, piece.Offset, cancellationToken);
        if (read < target.Length || !string.Equals(source.Version, file.Entry.Version, StringComparison.Ordinal))
        {
            throw new ContractBrokenException(
                sources.Inspect(file.Entry) ?? new SourceIssue(file.Entry.Path, SourceIssue.Changed));
        }

        if (piece.Offset + read == file.Entry.Bytes && source.Crc32UpTo(file.Entry.Bytes) is { } crc && crc != file.Crc32)
        {
            throw new ContractBrokenException(new SourceIssue(file.Entry.Path, SourceIssue.Corrupted));
        }

        returned.Add(piece.Entry);
    }
}
