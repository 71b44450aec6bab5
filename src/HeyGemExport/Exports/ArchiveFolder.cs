using System.Text.RegularExpressions;
using HeyGemExport.Archives;
using HeyGemExport.Data;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;

namespace HeyGemExport.Exports;

/// <summary>The place of archives: the temp directory itself where nobody else can write to it, or else a folder of our own inside. Nobody
/// can then put something under the name of an archive, or a link.</summary>
internal sealed partial class ArchiveFolder(
    IOptions<ExportOptions> options, IOptions<DownloadOptions> downloads, Database database, IHostEnvironment environment,
    TimeProvider time)
{
    private const string OwnFolder = "heygem-export";

    /// <summary>How many names of such a folder may have been taken by others.</summary>
    private const int MaxTaken = 100;

    /// <summary>The temp directory as it is configured.</summary>
    public string TempPath { get; } = string.IsNullOrWhiteSpace(options.Value.TempPath)
        ? Path.GetTempPath()
        : Path.GetFullPath(options.Value.TempPath, environment.ContentRootPath);

    /// <summary>Archives are for the service's account alone, but for nginx where it sends them: as a member of the service's
    /// group.</summary>
    public UnixFileMode FileMode => PrivateFiles.FileMode | (NginxReads ? UnixFileMode.GroupRead : UnixFileMode.None);

    private bool NginxReads => downloads.Value.AccelRedirect.Length > 0;

    /// <summary>Makes sure that the folder is there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The service may not write to the temp directory.</exception>
    public string Open()
    {
        Create(TempPath);
        return !LinuxSyscalls.Supported || LinuxSyscalls.IsOwnFolder(TempPath)
            ? TempPath
            : OwnFolders().FirstOrDefault(IsOurs)
                ?? throw new UnauthorizedAccessException($"'{Path.Combine(TempPath, OwnFolder)}' belongs to somebody else.");

        bool IsOurs(string path)
        {
            Create(path);
            return IsOwn(path);
        }
    }

    /// <summary><c>&lt;prefix&gt;_&lt;yyyyMMdd&gt;_&lt;HHmm&gt;_&lt;id&gt;.zip</c>, in the server's time zone.</summary>
    public string NameFor(string exportId) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Value.NamePrefix}_{time.GetLocalNow():yyyyMMdd_HHmm}_{exportId}.zip");

    /// <summary>Where a claim of an export builds an archive of this name: under another one, with a number, where something has it. Where
    /// nodes share the database the names of later claims have their number: a worker that was taken for dead, and goes on, must not
    /// touch the files of the one that took over.</summary>
    public string FreePathFor(string archiveName, long claim)
    {
        var stem = Path.GetFileNameWithoutExtension(archiveName);
        var ofClaim = claim <= 1 || database.IsSqlite ? "" : string.Create(CultureInfo.InvariantCulture, $".{claim}");
        var path = Path.Combine(Open(), stem + ofClaim + ".zip");
        for (var number = 2; IsTaken(path) || IsTaken(path + PartialArchive.Suffix); number++)
        {
            path = Path.Combine(Open(), string.Create(CultureInfo.InvariantCulture, $"{stem}_{number}{ofClaim}.zip"));
        }

        return path;
    }

    /// <summary>Bytes that the service may still write there; 0 when the folder cannot be asked.</summary>
    public long FreeBytes()
    {
        try
        {
            return new DriveInfo(TempPath).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0;
        }
    }

    /// <summary>Regular files of the service under names of archives.</summary>
    public IReadOnlyList<ArchiveFile> List() =>
    [
        .. from folder in OwnFolders().Where(IsOwn).Prepend(TempPath)
           where Directory.Exists(folder)
           from file in new DirectoryInfo(folder).EnumerateFiles(options.Value.NamePrefix + "_*.zip*")
           let match = Shape().Match(file.Name[options.Value.NamePrefix.Length..])
           where match.Success && IsRegularAndOurs(file.FullName)
           select new ArchiveFile(file, match.Groups["id"].Value, ClaimOf(match.Groups["claim"]), match.Groups["partial"].Success),
    ];

    private static bool IsTaken(string path) => LinuxSyscalls.Supported ? LinuxSyscalls.StatusOf(path) is not null : Path.Exists(path);

    private static bool IsOwn(string path) =>
        LinuxSyscalls.Supported && LinuxSyscalls.StatusOf(path) is { IsLink: false } && LinuxSyscalls.IsOwnFolder(path);

    private static bool IsRegularAndOurs(string path) =>
        !LinuxSyscalls.Supported
        || (LinuxSyscalls.StatusOf(path) is { IsRegular: true, Owner: var owner } && owner == LinuxSyscalls.EffectiveUser);

    private IEnumerable<string> OwnFolders() => Enumerable.Range(1, MaxTaken).Select(number => Path.Combine(
        TempPath, number == 1 ? OwnFolder : string.Create(CultureInfo.InvariantCulture, $"{OwnFolder}-{number}")));

    private void Create(string path)
    {
        if (!IsTaken(path))
        {
            PrivateFiles.CreateFolder(path, NginxReads ? UnixFileMode.GroupRead | UnixFileMode.GroupExecute : UnixFileMode.None);
        }
    }

    private long? ClaimOf(Group digits) => database.IsSqlite ? null
        : long.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var claim) ? claim
        : 1;

    [GeneratedRegex(
        @"^_\d{8}_\d{4}_(?<id>[A-Za-z0-9]+)(_part\d+of\d+)?(_\d+)?(\.(?<claim>\d+))?\.zip(?<partial>\.partial)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}

/// <summary>A file that is named as those of archives are.</summary>
/// <param name="Claim">Which claim of the export wrote it; null where only this process can have.</param>
internal sealed record ArchiveFile(FileInfo File, string ExportId, long? Claim, bool IsPartial)
{
    public bool IsOf(string exportId) => string.Equals(ExportId, exportId, StringComparison.Ordinal);
}
