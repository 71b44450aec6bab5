using System.Text;
using HeyGemExport.Exports;
using HeyGemExport.Hosting;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Nodes;

/// <summary>Which temp folder it is: a random id in a file there, made by whoever comes first, so that a folder that nodes share has one
/// for all of them.</summary>
internal sealed class TempFolderId(ArchiveFolder folder)
{
    private const string FileName = ".heygem-export-id";
    private const int Length = 32;

    /// <summary>For a network folder that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private Task<string> reading = Task.FromResult("");

    /// <summary>Null while the folder cannot be used, which is told by its own check.</summary>
    public string? Id { get; private set; }

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        reading = reading.IsCompleted ? Task.Run(Read, CancellationToken.None) : reading;
        try
        {
            Id = await reading.WaitAsync(Patience, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
        {
            Id = null;
        }
    }

    private string Read()
    {
        var path = Path.Combine(folder.TempPath, FileName);
        using var file = ArchiveFiles.TryOpen(path) ?? Create(path);
        Span<byte> id = stackalloc byte[Length];
        return Encoding.ASCII.GetString(id[..RandomAccess.Read(file, id, fileOffset: 0)]);
    }

    // Written elsewhere first: under its name it is whole, or not there.
    private static SafeFileHandle Create(string path)
    {
        var id = Guid.NewGuid().ToString("N");
        var draft = $"{path}.{id}";
        PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
        try
        {
            using (var file = PrivateFiles.Open(draft, FileMode.CreateNew))
            {
                file.Write(Encoding.ASCII.GetBytes(id));
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (Path.Exists(path))
        {
            // Another node was first.
        }
        finally
        {
            File.Delete(draft);
        }

        return ArchiveFiles.TryOpen(path) ?? throw new IOException($"'{path}' is no regular file.");
    }
}
