using HeyGemExport.Archives;
using HeyGemExport.FileSystem;
using Microsoft.Extensions.Caching.Memory;

namespace HeyGemExport.Exports;

/// <summary>Archives that are never packed: known byte for byte from fingerprints, and read from the videos while they are sent.</summary>
internal sealed class InstantArchives(
    ExportStore store, ExportTransitions transitions, KnownContents known, IArchiveSources sources, OutputsRoot outputs,
    ExportEvents events, TimeProvider time) : IDisposable
{
    /// <summary>A download by ranges asks for the same map many times; the map of 100,000 files takes some 50 MB.</summary>
    private static readonly MemoryCacheEntryOptions KeepAWhile = new() { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(2) };

    private readonly MemoryCache layouts = new(new MemoryCacheOptions { SizeLimit = 8 });

    public void Dispose() => layouts.Dispose();

    /// <summary>Whether all of it is known and nothing is to be compressed.</summary>
    public async Task<bool> IsPossibleAsync(ExportPlan plan, CancellationToken cancellationToken) =>
        plan.Entries.Count > 0
        && plan.Options.Compression != CompressionChoice.Deflate
        && await known.MayKnowAsync(plan.Entries.Count, cancellationToken)
        && (await LayOutAsync(plan, cancellationToken)).Unknown.Count == 0;

    /// <summary>The archives of a plan, and the files whose content is not known yet.</summary>
    public async Task<(PackedSet Set, IReadOnlyList<FileIssue> Unknown)> LayOutAsync(
        ExportPlan plan, CancellationToken cancellationToken)
    {
        List<BuiltEntry> built = [];
        List<FileIssue> unknown = [];
        foreach (var entry in await known.AddToAsync(plan.Entries, cancellationToken))
        {
            var version = entry.Version ?? outputs.Identify(entry.Path)?.Content;
            if (entry.Known is { } content && string.Equals(content.Version, version, StringComparison.Ordinal))
            {
                var local = TimeZoneInfo.ConvertTime(entry.ModifiedAt, time.LocalTimeZone).DateTime;
                built.Add(new BuiltEntry(
                    entry with { Known = null, Version = version }, content.Sha256, content.Crc32, version, local));
            }
            else
            {
                unknown.Add(new FileIssue(entry.Path, "no-fingerprint"));
            }
        }

        return (new PackedSet([], built, []), unknown);
    }

    /// <summary>The set with its archives, whose lengths follow from the export's name and time.</summary>
    public PackedSet WithParts(Export export, PackedSet set) => set with
    {
        Parts =
        [
            .. Contracts(export, set.Entries).Select((part, index) => new ArchivePart(
                index + 1, part.Name, Path: "", part.Contract.Entries.Count,
                LayOut(export, part.Contract, set.Entries).Length, Sha256: null)),
        ],
    };

    /// <summary>The archive of an export without parts.</summary>
    public LaidOutArchive LayOut(Export export, IReadOnlyList<BuiltEntry> built) =>
        LayOut(export, Contracts(export, built)[0].Contract, built);

    /// <summary>A part for one reader, who disposes it.</summary>
    public async Task<LaidOutArchive> OpenAsync(Export export, ArchivePart part, CancellationToken cancellationToken)
    {
        var key = (export.Id, part.Number);
        if (layouts.TryGetValue<LaidOutArchive>(key, out var cached))
        {
            return cached!.Reopen();
        }

        var built = await store.ReadPackedAsync(export.Id, cancellationToken);
        var contract = Contracts(export, built)[part.Number - 1].Contract;
        var archive = LayOut(export, contract, built);
        if (archive.Length != part.Bytes)
        {
            archive = LayOut(export, contract, built, hasTimestamps: false);
        }

        return archive.Length == part.Bytes
            ? layouts.Set(key, archive, KeepAWhile).Reopen()
            : throw new InvalidDataException($"The archive of {export.Id} has {archive.Length} bytes instead of {part.Bytes}.");
    }

    /// <summary>A video is no longer what it was: nobody can have this archive any more.</summary>
    public async Task BreakAsync(Export export, ContractBrokenException broken)
    {
        var error = ExportErrors.Describe(broken, tempFolder: "");
        await events.FailedAsync(
            export, error, doneBytes: 0, broken, () => transitions.BreakAsync(export.Id, error, CancellationToken.None));
    }

    private static IReadOnlyList<(string Name, ArchiveContract Contract)> Contracts(Export export, IReadOnlyList<BuiltEntry> built) =>
        ArchiveParts.Contracts(
            [.. built.Select(file => file.Entry)], CompressionChoice.Store, export.Options.HasManifest, export.ArchiveName,
            export.CreatedAt, leftOut: [], export.Options.MetadataCsv);

    private LaidOutArchive LayOut(
        Export export, ArchiveContract contract, IReadOnlyList<BuiltEntry> built, bool hasTimestamps = true)
    {
        var part = contract.Entries[0].Part;
        var files = built.Where(file => file.Entry.Part == part).ToList();

        // The zone of the server that confirmed it, as the first file has it.
        var zone = files[0].LocalTime!.Value - files[0].Entry.ModifiedAt.UtcDateTime;
        return new LaidOutArchive(contract, files, export.CreatedAt, zone, sources, hasTimestamps);
    }
}
