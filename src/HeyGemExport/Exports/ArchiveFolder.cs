using System.Text.RegularExpressions;
using HeyGemExport.Archives;
using HeyGemExport.Exports.Downloads;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;

namespace HeyGemExport.Exports;

/// <summary>The place of archives: the temp directory itself where nobody else can write to it, or else a folder of our own inside. Nobody
/// can then put something under the name of an archive, or a link.</summary>
internal sealed partial class ArchiveFolder(
    IOptions<ExportOptions> options, IOptions<DownloadOptions> downloads, IHostEnvironment environment, TimeProvider time)
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

    /// <summary>Where an archive of this name can be built: under another one, with a number, where something has it.</summary>
    public string FreePathFor(string archiveName)
    {
        var path = Path.Combine(Open(), archiveName);
        for (var number = 2; IsTaken(path) || IsTaken(path + PartialArchive.Suffix); number++)
        {
            path = Path.Combine(Open(), string.Create(
                CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(archiveName)}_{number}{Path.GetExtension(archiveName)}"));
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
    public IReadOnlyList<(FileInfo File, string ExportId, bool Partial)> List() =>
    [
        .. from folder in OwnFolders().Where(IsOwn).Prepend(TempPath)
           where Directory.Exists(folder)
           from file in new DirectoryInfo(folder).EnumerateFiles(options.Value.NamePrefix + "_*.zip*")
           let match = Shape().Match(file.Name[options.Value.NamePrefix.Length..])
           where match.Success && IsRegularAndOurs(file.FullName)
           select (file, match.Groups["id"].Value, match.Groups["partial"].Success),
    ];

    private static bool IsTaken(string path) => LinuxSyscalls.Supported ? LinuxSyscalls.StatusOf(path) is not null : Path.Exists(path);

    private static bool IsOwn(string path) =>
        LinuxSyscalls.Supported && LinuxSyscalls.StatusOf(path) is { IsLink: false } && LinuxSyscalls.IsOwnFolder(path);

    private static bool IsRegularAndOurs(string path) =>
        !LinuxSyscalls.Supported || LinuxSyscalls.StatusOf(path) is { IsRegular: true, Owner: var owner } && owner == LinuxSyscalls.EffectiveUser;

    private IEnumerable<string> OwnFolders() => Enumerable.Range(1, MaxTaken).Select(number => Path.Combine(
        TempPath, number == 1 ? OwnFolder : string.Create(CultureInfo.InvariantCulture, $"{OwnFolder}-{number}")));

    private void Create(string path)
    {
        if (!IsTaken(path))
        {
            PrivateFiles.CreateFolder(path, NginxReads ? UnixFileMode.GroupRead | UnixFileMode.GroupExecute : UnixFileMode.None);
        }
    }

    [GeneratedRegex(
        @"^_\d{8}_\d{4}_(?<id>[A-Za-z0-9]+)(_part\d+of\d+)?(_\d+)?\.zip(?<partial>\.partial)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
