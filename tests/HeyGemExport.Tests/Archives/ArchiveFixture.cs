using HeyGemExport.Archives;
using HeyGemExport.Exports;
using HeyGemExport.FileSystem;

namespace HeyGemExport.Tests.Archives;

/// <summary>An outputs folder, and archives built from it.</summary>
public sealed class ArchiveFixture : IDisposable
{
    public static readonly DateTime SomeTime = new(2025, 12, 19, 14, 30, 22, DateTimeKind.Utc);

    public ArchiveFixture()
    {
        Directory.CreateDirectory(OutputsPath);
        Outputs = new OutputsRoot(OutputsPath);
    }

    public TempFolder Folder { get; } = new();

    public string OutputsPath => Folder["outputs"];

    internal OutputsRoot Outputs { get; }

    internal ArchiveBuilder Builder => new(new OutputsSources(Outputs), TimeProvider.System);

    /// <summary>Writes sources with content of their own, and the contract that promises them.</summary>
    internal ArchiveContract Contract(CompressionChoice compression, bool checksums, params string[] paths)
    {
        foreach (var path in paths)
        {
            Write(path, Noise(100_000 + path.Length, seed: path.Length));
        }

        return Promise(compression, checksums, paths);
    }

    /// <summary>The contract that promises files as they are now.</summary>
    internal ArchiveContract Promise(CompressionChoice compression, bool checksums, params string[] paths)
    {
        var names = ArchiveNames.For(paths);
        return new ArchiveContract([.. paths.Select((path, i) => EntryFor(path, names[i]))], compression, checksums);
    }

    internal ContractEntry EntryFor(string path, string entryName)
    {
        var file = new FileInfo(Path.Combine(OutputsPath, path));
        return new ContractEntry(path, entryName, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
    }

    public void Write(string path, byte[] content) => Folder.Write(Path.Combine("outputs", path), content, SomeTime);

    /// <summary>A file of a length, of which only a few bytes take space.</summary>
    public void WriteSparse(string path, long bytes)
    {
        using (var file = File.Create(Path.Combine(OutputsPath, path)))
        {
            file.SetLength(bytes);
            foreach (var at in new[] { 0, bytes / 2, bytes - 3 })
            {
                file.Position = at;
                file.Write("end"u8);
            }
        }

        File.SetLastWriteTimeUtc(Path.Combine(OutputsPath, path), SomeTime);
    }

    /// <summary>Builds and proves an archive, and gives its path.</summary>
    internal async Task<string> PackAsync(ArchiveContract contract, string name = "archive.zip")
    {
        var path = Folder[name];
        await using var partial = PartialArchive.Create(path, ArchiveSize.UpperBound(contract));
        var built = await Builder.BuildAsync(contract, partial.Stream, progress: null, CancellationToken.None);
        await ArchiveVerifier.VerifyAsync(contract, built, partial.Stream, progress: null, CancellationToken.None);
        await partial.PublishAsync(flush: false, CancellationToken.None);
        return path;
    }

    public static byte[] Noise(int bytes, int seed)
    {
        var noise = new byte[bytes];
#pragma warning disable CA5394 // Content for tests, the same each time.
        new Random(seed).NextBytes(noise);
#pragma warning restore CA5394
        return noise;
    }

    public void Dispose() => Folder.Dispose();
}
