using System.Text;
using HeyGemExport.Hosting;

namespace HeyGemExport.FileSystem;

/// <summary>A text file of lines that keeps its name while it grows: at its size limit it becomes <c>name.1.ext</c>, the former
/// <c>name.1.ext</c> becomes <c>name.2.ext</c>, and the oldest is deleted. UTF-8 without a byte order mark; thread-safe.</summary>
/// <remarks>Lines that cannot be written (no permission, a full disk, a missing folder) are kept in memory, up to
/// <see cref="MaxPendingLines"/>, and tried again with the first line after <see cref="RetryAfter"/>. The file is opened for each line, so
/// that a person or a tool may move or delete it at any time.</remarks>
/// <param name="maxBytes">A line that would grow the file beyond this begins a new one.</param>
/// <param name="keepFiles">Files kept, the newest included; from 1.</param>
/// <param name="availabilityChanged">Gets why writing fails, and null when it works again. Must not write to this file.</param>
internal sealed class RollingTextFile(
    string path,
    long maxBytes,
    int keepFiles,
    TimeProvider clock,
    Action<Exception?>? availabilityChanged = null)
{
    /// <summary>Beyond this the oldest lines are lost.</summary>
    public const int MaxPendingLines = 1000;

    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly Lock gate = new();
    private readonly Queue<string> pending = new();
    private long? failedAt;

    public string FullPath { get; } = path;

    /// <summary>Never throws because of the file system.</summary>
    public void WriteLine(string line)
    {
        lock (gate)
        {
            pending.Enqueue(line);
            if (pending.Count > MaxPendingLines)
            {
                pending.Dequeue();
            }

            if (failedAt is not { } since || clock.GetElapsedTime(since) >= RetryAfter)
            {
                WritePending();
            }
        }
    }

    private void WritePending()
    {
        try
        {
            while (pending.TryPeek(out var line))
            {
                Append(Utf8.GetBytes(line + '\n'));
                pending.Dequeue();
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            var isNew = failedAt is null;
            failedAt = clock.GetTimestamp();
            if (isNew)
            {
                availabilityChanged?.Invoke(fault);
            }

            return;
        }

        if (failedAt is not null)
        {
            failedAt = null;
            availabilityChanged?.Invoke(null);
        }
    }

    private void Append(byte[] line)
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(FullPath)!);
        if (File.Exists(FullPath) && new FileInfo(FullPath) is { Length: > 0 } newest && newest.Length + line.Length > maxBytes)
        {
            Roll();
        }

        // Other processes may append too (a shell command beside the server), so nothing is locked.
        LinuxSyscalls.RefuseSpecial(FullPath);
        using var file = PrivateFiles.Open(FullPath, FileMode.OpenOrCreate);
        var handle = file.SafeFileHandle;
        var end = RandomAccess.GetLength(handle);
        try
        {
            RandomAccess.Write(handle, line, end);
        }
        catch (IOException)
        {
            // A full disk takes half a line; without this the next one would be appended to it.
            RandomAccess.SetLength(handle, end);
            throw;
        }
    }

    private void Roll()
    {
        File.Delete(Numbered(keepFiles - 1));
        for (var number = keepFiles - 2; number >= 0; number--)
        {
            if (File.Exists(Numbered(number)))
            {
                File.Move(Numbered(number), Numbered(number + 1));
            }
        }
    }

    private string Numbered(int number) =>
        number == 0 ? FullPath : Path.ChangeExtension(FullPath, $".{number}{Path.GetExtension(FullPath)}");
}
