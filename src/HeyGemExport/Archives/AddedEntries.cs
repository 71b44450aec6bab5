namespace HeyGemExport.Archives;

/// <summary>What an archive holds after its files, on request: <c>metadata.csv</c>, <c>manifest.json</c>, then <c>SHA256SUMS</c>.</summary>
/// <param name="Name">Name of the entry.</param>
/// <param name="Content">The whole of it.</param>
internal sealed record AddedEntry(string Name, byte[] Content)
{
    private static readonly byte[] NoHash = new byte[32];

    /// <summary>The added entries of an archive whose files have been read.</summary>
    public static IReadOnlyList<AddedEntry> For(ArchiveContract contract, IReadOnlyList<BuiltEntry> built)
    {
        var added = new List<AddedEntry>();
        if (contract.MetadataCsv)
        {
            added.Add(new AddedEntry(MetadataCsv.NameFor(contract), MetadataCsv.Content(built)));
        }

        if (contract.Manifest is { } header)
        {
            added.Add(new AddedEntry(ManifestFile.NameFor(contract), ManifestFile.Content(header, built, added)));
        }

        if (contract.Checksums)
        {
            added.Add(new AddedEntry(ChecksumList.NameFor(contract), ChecksumList.Content(built, added)));
        }

        return added;
    }

    /// <summary>Name and length of each, known before any hash is: hashes are all of one length.</summary>
    public static IEnumerable<(string Name, long Bytes)> Sizes(ArchiveContract contract) =>
        For(contract, [.. contract.Entries.Select(entry => new BuiltEntry(entry, NoHash))]).Select(added => (added.Name, (long)added.Content.Length));
}
