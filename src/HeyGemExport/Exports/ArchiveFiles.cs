using System.Text;
using HeyGemExport.FileSystem;
using HeyGemExport.Jobs;
using Microsoft.Win32.SafeHandles;

namespace HeyGemExport.Exports;

/// <summary>The way to the files of archives. What is handed over is what was verified: the same file, of the same length, unchanged since;
/// links are not followed, and pipes and the like not opened.</summary>
internal sealed class ArchiveFiles(ExportTransitions transitions, ExportEvents events, IJobQueue queue)
{
    /// <summary>What tells a file from any other, and one version of it from the next; null when there is no regular file.</summary>
    public static string? IdentityOf(string path)
    {
        using var file = TryOpen(path);
        return file is null ? null : IdentityOf(file);
    }

    public static string IdentityOf(SafeFileHandle file)
    {
        var status = OutputsRoot.StatusOf(file);
        return string.Create(
            CultureInfo.InvariantCulture, $"{FileIdentity.Of(status.Inode)?.Content ?? "-"}:{status.ModifiedAt.UtcTicks:x}");
    }

    /// <summary>Opens a regular file for reading, at once and without following a link; null when there is none.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="UnauthorizedAccessException">The service may not read it.</exception>
    public static SafeFileHandle? TryOpen(string path)
    {
        if (!LinuxSyscalls.Supported)
        {
            return File.Exists(path) ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
        }

        var bytes = Encoding.UTF8.GetBytes(path);
        if (LinuxSyscalls.StatusOf(bytes) is not { IsRegular: true } found || LinuxSyscalls.OpenRead(bytes) is not { } file)
        {
            return null;
        }

        // It may have been exchanged for a link in between.
        if (LinuxSyscalls.StatusOf(file) is { IsRegular: true } opened && opened.File.Inode?.Number == found.File.Inode?.Number
            && opened.File.Inode?.Device == found.File.Inode?.Device)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Opens an archive as it was verified; null when it no longer is.</summary>
    public async Task<SafeFileHandle?> OpenAsync(Export export, ArchivePart part, CancellationToken cancellationToken)
    {
        SafeFileHandle? file = null;
        try
        {
            file = TryOpen(part.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nor is it what it was.
        }

        if (file is not null && RandomAccess.GetLength(file) == part.Bytes && IdentityOf(file) is var identity
            && string.Equals(part.Identity ?? identity, identity, StringComparison.Ordinal))
        {
            if (part.Identity is null)
            {
                // Of an earlier version, which noted none.
                await transitions.IdentifyAsync(export.Id, part.Number, identity, cancellationToken);
            }

            return file;
        }

        file?.Dispose();
        return null;
    }

    /// <summary>An archive is not what was verified: it is verified anew, and built again when it is damaged.</summary>
    public async Task DistrustAsync(Export export, ArchivePart part, CancellationToken cancellationToken)
    {
        if (await transitions.SuspectAsync(export.Id, cancellationToken))
        {
            await events.DistrustedAsync(export, part);
            await queue.EnqueueAsync<ExportJob>(export.Id, cancellationToken);
        }
    }
}
