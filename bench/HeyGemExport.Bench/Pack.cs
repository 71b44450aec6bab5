using HeyGemExport.Archives;
using HeyGemExport.FileSystem;
using HeyGemExport.Exports;

namespace HeyGemExport.Bench;

/// <summary>One packing run as the app does it, in a process of its own so that its memory can be measured from outside.</summary>
internal static class Pack
{
    public static async Task RunAsync(string folder, string archivePath, bool verify, CancellationToken cancellationToken)
    {
        var outputs = new OutputsRoot(Path.GetFullPath(folder));
        var paths = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal).ToList();
        var names = ArchiveNames.For(paths);
        var entries = paths.Select((path, i) => Entry(outputs, path, names[i])).ToList();
        var contract = new ArchiveContract(entries, CompressionChoice.Auto, Checksums: false);

        await using var partial = PartialArchive.Create(archivePath, ArchiveSize.UpperBound(contract));
        var built = await new ArchiveBuilder(new OutputsSources(outputs), TimeProvider.System)
            .BuildAsync(contract, partial.Stream, progress: null, cancellationToken);
        if (verify)
        {
            await ArchiveVerifier.VerifyAsync(contract, built, partial.Stream, progress: null, cancellationToken);
        }

        await partial.PublishAsync(flush: true, cancellationToken);
    }

    private static ContractEntry Entry(OutputsRoot outputs, string path, string name)
    {
        var file = outputs.Resolve(path) ?? throw new FileNotFoundException(null, path);
        return new ContractEntry(path, name, file.Bytes, file.ModifiedAt);
    }
}
