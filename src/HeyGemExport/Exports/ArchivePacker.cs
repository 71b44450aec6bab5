using System.Diagnostics;
using HeyGemExport.Archives;
using HeyGemExport.Hosting;

namespace HeyGemExport.Exports;

/// <param name="LeftOut">What was promised and failed, where the person chose to leave it out.</param>
internal sealed record PackedSet(IReadOnlyList<ArchivePart> Parts, IReadOnlyList<BuiltEntry> Entries, IReadOnlyList<FileIssue> LeftOut);

/// <summary>Builds and verifies the archives of one export, and publishes them together: until all are verified each is a partial file that
/// is deleted when the packer is disposed.</summary>
/// <param name="placeOf">The path for the name of an archive.</param>
/// <param name="mode">Who may read them.</param>
internal sealed class ArchivePacker(
    Export export, IReadOnlyList<ContractEntry> promised, ArchiveBuilder builder, Func<string, string> placeOf, UnixFileMode mode)
    : IAsyncDisposable
{
    private readonly List<PackedPart> packed = [];
    private readonly List<SourceIssue> leftOut = [];

    /// <summary>Builds every archive. A file that fails is left out where the person chose so, and the set begun anew.</summary>
    /// <exception cref="ContractBrokenException">A file is not what was promised, or none is left.</exception>
    public async Task BuildAsync(IProgress<ArchiveProgress> progress, CancellationToken cancellationToken)
    {
        using var span = Step("build");
        var entries = promised;
        while (true)
        {
            try
            {
                await BuildAllAsync(entries, progress, cancellationToken);
                return;
            }
            catch (ContractBrokenException broken) when (export.Options.LeaveOutFailing)
            {
                await DisposeAsync();
                var failed = broken.Issues.Select(fault => fault.Path).ToHashSet(StringComparer.Ordinal);
                var left = entries.Where(entry => !failed.Contains(entry.Path)).ToList();
                if (left.Count == 0 || left.Count == entries.Count)
                {
                    throw;
                }

                leftOut.AddRange(broken.Issues);
                entries = left;
            }
        }
    }

    /// <summary>Reopens every archive and compares it with what was promised.</summary>
    /// <exception cref="ContractBrokenException">An archive is not what was built.</exception>
    public async Task VerifyAsync(IProgress<ArchiveProgress> progress, CancellationToken cancellationToken)
    {
        using var span = Step("verify");
        var done = default(ArchiveProgress);
        foreach (var part in packed)
        {
            await ArchiveVerifier.VerifyAsync(part.Contract, part.Built, part.File.Stream, new Offset(progress, done), cancellationToken);
            done = new ArchiveProgress(done.DoneFiles + part.Contract.Entries.Count, done.DoneBytes + part.Contract.TotalBytes);
        }
    }

    /// <param name="flush">Whether all must be on the disk before any has its name.</param>
    public async Task<PackedSet> PublishAsync(bool flush, CancellationToken cancellationToken)
    {
        using var span = Step("publish");
        var parts = new List<ArchivePart>();
        foreach (var part in packed)
        {
            var bytes = part.File.Stream.Length;
            await part.File.PublishAsync(flush, cancellationToken);
            parts.Add(new ArchivePart(
                parts.Count + 1, part.Name, part.Path, part.Contract.Entries.Count, bytes, Sha256: null)
            {
                Identity = ArchiveFiles.IdentityOf(part.Path),
            });
        }

        return new PackedSet(
            parts,
            [
                .. packed.SelectMany((part, index) =>
                    part.Built.Select(built => built with { Entry = built.Entry with { Part = index + 1 } })),
            ],
            [.. leftOut.Select(fault => new FileIssue(fault.Path, fault.Code))]);
    }

    public async ValueTask DisposeAsync()
    {
        // All of them, also when the disk fails at one: the rest must not stay open and locked.
        var closing = Task.WhenAll(packed.Select(part => part.File.DisposeAsync().AsTask()));
        packed.Clear();
        await closing;
    }

    private Activity? Step(string name) => Tracing.Start(name)?.SetTag("export.id", export.Id);

    private async Task BuildAllAsync(
        IReadOnlyList<ContractEntry> entries, IProgress<ArchiveProgress> progress, CancellationToken cancellationToken)
    {
        var done = default(ArchiveProgress);
        var options = export.Options;
        foreach (var (name, contract) in ArchiveParts.Contracts(
            entries, options.Compression, options.HasManifest, export.ArchiveName, export.CreatedAt, leftOut, options.MetadataCsv))
        {
            await BuildPartAsync(name, contract, new Offset(progress, done), cancellationToken);
            done = new ArchiveProgress(done.DoneFiles + contract.Entries.Count, done.DoneBytes + contract.TotalBytes);
        }
    }

    private async Task BuildPartAsync(string name, ArchiveContract contract, Offset progress, CancellationToken cancellationToken)
    {
        var part = await TryBuildPartAsync(name, contract, progress, cancellationToken);
        if (part.File.Stream.Length > export.Options.MaxPartBytes)
        {
            // A sample that did not speak for its file made deflate grow it. Stored, its length is known beforehand.
            packed.Remove(part);
            await part.File.DisposeAsync();
            await TryBuildPartAsync(name, contract with { Compression = CompressionChoice.Store }, progress, cancellationToken);
        }
    }

    private async Task<PackedPart> TryBuildPartAsync(
        string name, ArchiveContract contract, Offset progress, CancellationToken cancellationToken)
    {
        var path = placeOf(name);
        var part = new PackedPart(path, contract, PartialArchive.Create(path, ArchiveSize.UpperBound(contract), mode));
        packed.Add(part);
        part.Built = await builder.BuildAsync(contract, part.File.Stream, progress, cancellationToken);
        return part;
    }

    private sealed record PackedPart(string Path, ArchiveContract Contract, PartialArchive File)
    {
        public string Name => System.IO.Path.GetFileName(Path);

        public IReadOnlyList<BuiltEntry> Built { get; set; } = [];
    }

    private sealed class Offset(IProgress<ArchiveProgress> progress, ArchiveProgress before) : IProgress<ArchiveProgress>
    {
        public void Report(ArchiveProgress value) =>
            progress.Report(new ArchiveProgress(before.DoneFiles + value.DoneFiles, before.DoneBytes + value.DoneBytes));
    }
}

/// <summary>Compares archives that were published before with their record.</summary>
internal sealed class ArchiveRecheck(ExportStore store)
{
    /// <returns>The identities of their files when they are what was published; null when one is not, or is missing.</returns>
    public async Task<IReadOnlyList<string>?> IdentifyIntactAsync(
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
            return null;
        }

        List<string> identities = [];
        foreach (var (part, (_, partContract)) in published.Zip(parts))
        {
            if (await IdentifyIntactAsync(part, partContract, built, progress, cancellationToken) is not { } identity)
            {
                return null;
            }

            identities.Add(identity);
        }

        return identities.Count > 0 ? identities : null;
    }

    private static async Task<string?> IdentifyIntactAsync(
        ArchivePart part, ArchiveContract contract, List<BuiltEntry> built, IProgress<ArchiveProgress> progress,
        CancellationToken cancellationToken)
    {
        try
        {
            if (ArchiveFiles.TryOpen(part.Path) is not { } file)
            {
                return null;
            }

            await using var archive = new FileStream(file, FileAccess.Read, bufferSize: 0);
            var before = ArchiveFiles.IdentityOf(file);
            await ArchiveVerifier.VerifyAsync(
                contract, [.. built.Where(file => file.Entry.Part == part.Number)], archive, progress, cancellationToken);

            // What changed while it was read may have been good where it was already read.
            return archive.Length == part.Bytes && string.Equals(before, ArchiveFiles.IdentityOf(file), StringComparison.Ordinal)
                ? before
                : null;
        }
        catch (Exception exception) when (exception is ContractBrokenException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
