using System.Security.Cryptography;
using HeyGemExport.Archives;
using HeyGemExport.Exports;

namespace HeyGemExport.Uploads.Sending;

/// <summary>Something on this side that becomes one object: its promised length and hash, and how it is read.</summary>
/// <param name="Sha256">Its promised SHA-256, lower-case hex.</param>
internal sealed record ObjectSource(string Name, long Bytes, string Sha256, Func<ValueTask<ISourceReader>> OpenAsync)
{
    public static ObjectSource Archive(string path, string name, long bytes, string sha256) =>
        new(name, bytes, sha256, () => ValueTask.FromResult<ISourceReader>(new Reader(OpenArchive(path, name), bytes, name)));

    /// <summary>A video, held to the contract of its export while it is read.</summary>
    public static ObjectSource Video(IArchiveSources sources, ContractEntry entry, string sha256) =>
        new(entry.Path, entry.Bytes, sha256, () => sources.OpenAsync(entry));

    public static ObjectSource Content(string name, byte[] content) => new(
        name,
        content.Length,
        Convert.ToHexStringLower(SHA256.HashData(content)),
        () => ValueTask.FromResult<ISourceReader>(new Reader(new MemoryStream(content), content.Length, name)));

    private static FileStream OpenArchive(string path, string name)
    {
        try
        {
            return ArchiveFiles.TryOpen(path) is { } file
                ? new FileStream(file, FileAccess.Read, bufferSize: 0)
                : throw new FileNotFoundException("There is no such archive.", path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var code = failure is FileNotFoundException or DirectoryNotFoundException ? "vanished" : "unreadable";
            throw new ContractBrokenException([new SourceIssue(name, code, failure.Message)]);
        }
    }

    private sealed class Reader(Stream stream, long bytes, string name) : ISourceReader
    {
        public async ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
        {
            var wanted = (int)Math.Clamp(bytes - offset, 0, buffer.Length);
            stream.Position = offset;
            var read = await stream.ReadAtLeastAsync(buffer[..wanted], wanted, throwOnEndOfStream: false, cancellationToken);
            return read == wanted ? read : throw Changed();
        }

        public void EnsureUnchanged()
        {
            if (stream.Length != bytes)
            {
                throw Changed();
            }
        }

        public ValueTask DisposeAsync() => stream.DisposeAsync();

        private ContractBrokenException Changed() => new([new SourceIssue(name, "changed")]);
    }
}
