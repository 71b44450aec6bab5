using HeyGemExport.Archives;

namespace HeyGemExport.Exports;

/// <summary>Compares archives that were published before with their record.</summary>
internal sealed class ArchiveRecheck(ExportStore store)
{
    /// <returns>Whether they are what was published; not when one is missing.</returns>
    public async Task<bool> IsIntactAsync(
        Export export, IReadOnlyList<ContractEntry> contract, IProgress<ArchiveProgress> progress, CancellationToken cancellationToken)
    {
        var published = await store.ReadPartsAsync(export.Id, cancellationToken);
        var promised = contract.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        List<BuiltEntry> built =
        [
            .. (await store.ReadPackedAsync(export.Id, cancellationToken)).Select(file =>
                file with { Entry = promised[file.Entry.Path] with { Part = file.Entry.Part } }),
        ];
        var parts = ArchiveParts.Contracts(
            [.. built.Select(file => file.Entry)],
            export.Options.Compression,
            export.Options.HasManifest,
            export.ArchiveName,
            export.CreatedAt,
            [.. export.LeftOut.Select(issue => new SourceIssue(issue.Path, issue.Reason))],
            export.Options.MetadataCsv);
        if (published.Count != parts.Count)
        {
            return false;
        }

        foreach (var (part, (_, partContract)) in published.Zip(parts))
        {
            if (!await IsIntactAsync(part, partContract, built, progress, cancellationToken))
            {
                return false;
            }
        }

        return published.Count > 0;
    }

    private static async Task<bool> IsIntactAsync(
        ArchivePart part, ArchiveContract contract, List<BuiltEntry> built, IProgress<ArchiveProgress> progress,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var archive = new FileStream(part.Path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            });
            await ArchiveVerifier.VerifyAsync(
                contract, [.. built.Where(file => file.Entry.Part == part.Number)], archive, progress, cancellationToken);
            return archive.Length == part.Bytes;
        }
        catch (Exception exception) when (exception is ContractBrokenException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
