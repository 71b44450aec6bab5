using System.Text.RegularExpressions;

namespace HeyGemExport.Exports;

/// <summary>The temp directory, seen as the place of archives: their names, and the space there.</summary>
internal sealed partial class ArchiveFolder(IOptions<ExportOptions> options, IHostEnvironment environment, TimeProvider time)
{
    public string FullPath { get; } = string.IsNullOrWhiteSpace(options.Value.TempPath)
        ? Path.GetTempPath()
        : Path.GetFullPath(options.Value.TempPath, environment.ContentRootPath);

    /// <summary><c>&lt;prefix&gt;_&lt;yyyyMMdd&gt;_&lt;HHmm&gt;_&lt;id&gt;.zip</c>, in the server's time zone.</summary>
    public string NameFor(string exportId) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Value.NamePrefix}_{time.GetLocalNow():yyyyMMdd_HHmm}_{exportId}.zip");

    public string PathOf(string archiveName) => Path.Combine(FullPath, archiveName);

    /// <summary>Bytes that the service may still write there; 0 when the folder cannot be asked.</summary>
    public long FreeBytes()
    {
        try
        {
            return new DriveInfo(FullPath).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0;
        }
    }

    public IReadOnlyList<(FileInfo File, string ExportId, bool Partial)> List()
    {
        var folder = new DirectoryInfo(FullPath);
        if (!folder.Exists)
        {
            return [];
        }

        return
        [
            .. from file in folder.EnumerateFiles(options.Value.NamePrefix + "_*.zip*")
               let match = Shape().Match(file.Name[options.Value.NamePrefix.Length..])
               where match.Success
               select (file, match.Groups["id"].Value, match.Groups["partial"].Success),
        ];
    }

    [GeneratedRegex(
        @"^_\d{8}_\d{4}_(?<id>[A-Za-z0-9]+)(_part\d+of\d+)?\.zip(?<partial>\.partial)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
