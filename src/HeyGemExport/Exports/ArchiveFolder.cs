using System.Text.RegularExpressions;
using HeyGemExport.Data;

namespace HeyGemExport.Exports;

/// <summary>The temp directory, seen as the place of archives: their names, and the space there.</summary>
internal sealed partial class ArchiveFolder(
    IOptions<ExportOptions> options, Database database, IHostEnvironment environment, TimeProvider time)
{
    public string FullPath { get; } = string.IsNullOrWhiteSpace(options.Value.TempPath)
        ? Path.GetTempPath()
        : Path.GetFullPath(options.Value.TempPath, environment.ContentRootPath);

    /// <summary><c>&lt;prefix&gt;_&lt;yyyyMMdd&gt;_&lt;HHmm&gt;_&lt;id&gt;.zip</c>, in the server's time zone.</summary>
    public string NameFor(string exportId) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Value.NamePrefix}_{time.GetLocalNow():yyyyMMdd_HHmm}_{exportId}.zip");

    /// <summary>Where a claim of an export publishes an archive. Where nodes share the database the names of later claims have their number:
    /// a worker that was taken for dead, and goes on, must not touch the files of the one that took over.</summary>
    public string PathOf(string archiveName, long claim) => Path.Combine(
        FullPath,
        claim <= 1 || database.IsSqlite
            ? archiveName
            : string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(archiveName)}.{claim}.zip"));

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

    public IReadOnlyList<ArchiveFile> List()
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
               select new ArchiveFile(
                   file, match.Groups["id"].Value, ClaimOf(match.Groups["claim"]), match.Groups["partial"].Success),
        ];
    }

    private long? ClaimOf(Group digits) => database.IsSqlite ? null
        : long.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var claim) ? claim
        : 1;

    [GeneratedRegex(
        @"^_\d{8}_\d{4}_(?<id>[A-Za-z0-9]+)(_part\d+of\d+)?(\.(?<claim>\d+))?\.zip(?<partial>\.partial)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}

/// <summary>A file that is named as those of archives are.</summary>
/// <param name="Claim">Which claim of the export wrote it; null where only this process can have.</param>
internal sealed record ArchiveFile(FileInfo File, string ExportId, long? Claim, bool IsPartial)
{
    public bool IsOf(string exportId) => string.Equals(ExportId, exportId, StringComparison.Ordinal);
}
