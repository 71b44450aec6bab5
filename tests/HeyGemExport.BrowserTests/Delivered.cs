using System.IO.Compression;

namespace HeyGemExport.BrowserTests;

/// <summary>An archive as it lies on the disk of whoever downloaded it.</summary>
public static class Delivered
{
    /// <summary>Saves a download below a folder, under the name that the server gave it.</summary>
    public static async Task<string> SaveAsync(this IDownload download, TempFolder folder)
    {
        var path = folder["downloads", download.SuggestedFilename];
        await download.SaveAsAsync(path);
        return path;
    }

    /// <summary>The archive holds exactly these files of a folder, each byte for byte, and a reader that is not ours agrees.</summary>
    public static async Task AssertHoldsAsync(string archive, string outputs, IEnumerable<string> paths)
    {
        await using var zip = await ZipFile.OpenReadAsync(archive);
        Assert.Equal(paths.Order(StringComparer.Ordinal), zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        foreach (var entry in zip.Entries)
        {
            await using var packed = await entry.OpenAsync();
            await using var source = File.OpenRead(Path.Combine(outputs, entry.FullName));
            Assert.Equal(source.Length, entry.Length);
            Assert.True(await SameAsync(source, packed), $"{entry.FullName} differs from its source");
        }

        await ExternalTools.RunAsync(Path.GetDirectoryName(archive)!, "unzip", "-t", archive);
    }

    /// <summary>The archive holds every file of a folder.</summary>
    public static Task AssertHoldsAllAsync(string archive, string outputs) =>
        AssertHoldsAsync(archive, outputs, Directory.GetFiles(outputs, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(outputs, file)));

    private static async Task<bool> SameAsync(Stream one, Stream other)
    {
        var (left, right) = (new byte[1 << 20], new byte[1 << 20]);
        while (true)
        {
            var read = await one.ReadAtLeastAsync(left, left.Length, throwOnEndOfStream: false);
            if (read != await other.ReadAtLeastAsync(right, right.Length, throwOnEndOfStream: false)
                || !left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, read)))
            {
                return false;
            }

            if (read == 0)
            {
                return true;
            }
        }
    }
}
