using System.IO.Hashing;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.FileSystem;

/// <summary>The sums of a file's content.</summary>
/// <param name="Sha256">Lower-case hex.</param>
internal sealed record FileSums(string Sha256, uint Crc32, long Bytes)
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Reads a file through, on a thread of its own.</summary>
    /// <param name="inBackground">Whether the thread gives way to everything else on the machine.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Task<FileSums> ComputeAsync(SafeFileHandle file, bool inBackground, CancellationToken cancellationToken) =>
        ComputeAsync((buffer, offset) => RandomAccess.Read(file, buffer, offset), inBackground, cancellationToken);

    /// <param name="read">Reads at an offset: 0 at the end. May hold the reading up.</param>
    public static Task<FileSums> ComputeAsync(Func<byte[], long, int> read, bool inBackground, CancellationToken cancellationToken)
    {
        var end = new TaskCompletionSource<FileSums>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                if (inBackground && LinuxSyscalls.Supported)
                {
                    LinuxSyscalls.LowerPriorityOfThread();
                }

                end.SetResult(Compute(read, cancellationToken));
            }
            catch (Exception exception)
            {
                end.SetException(exception);
            }
        }) { IsBackground = true, Name = "Sums" }.Start();
        return end.Task;
    }

    private static FileSums Compute(Func<byte[], long, int> read, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var crc32 = new Crc32();
        var buffer = new byte[ChunkBytes];
        long bytes = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = read(buffer, bytes);
            if (count == 0)
            {
                return new FileSums(Convert.ToHexStringLower(sha256.GetHashAndReset()), crc32.GetCurrentHashAsUInt32(), bytes);
            }

            sha256.AppendData(buffer, 0, count);
            crc32.Append(buffer.AsSpan(0, count));
            bytes += count;
        }
    }
}
