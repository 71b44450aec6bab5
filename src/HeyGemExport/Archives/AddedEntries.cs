namespace HeyGemExport.Archives;

/// <summary>What an archive holds after its files, on request: <c>metadata.csv</c>, <c>manifest.json</c>, then <c>SHA256SUMS</c>.</summary>
internal sealed record AddedEntry(string Name, byte[] Content)
{
    private static readonly byte[] NoHash = new byte[32];

    public static IReadOnlyList<AddedEntry> For(ArchiveContract contract, IReadOnlyList<BuiltEntry> built)
    {
        var added = new List<AddedEntry>();
        if (contract.MetadataCsv)
        {
            added.Add(new AddedEntry(Unused("metadata.csv"), MetadataCsv.Content(built)));
        }

        if (contract.Manifest is { } header)
        {
            added.Add(new AddedEntry(Unused("manifest.json"), ManifestFile.Content(header, built, added)));
        }

        if (contract.Checksums)
        {
            added.Add(new AddedEntry(Unused("SHA256SUMS"), ChecksumList.Content(built, added)));
        }

        return added;

        string Unused(string wanted) => ArchiveNames.Unused(wanted, contract.Entries.Select(entry => entry.EntryName));
    }

    /// <summary>Name and length of each, which do not depend on the hashes: those are all of one length.</summary>
    public static IEnumerable<(string Name, long Bytes)> Sizes(ArchiveContract contract)
    {
        var unread = contract.Entries.Select(entry => new BuiltEntry(entry, NoHash, Crc32: 0)).ToList();
        return For(contract, unread).Select(added => (added.Name, (long)added.Content.Length));
    }
}
